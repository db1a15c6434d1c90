#include "notifications/text_choice.h"

#include "storage/mail_texts.h"

namespace aiguillage::notifications {

namespace {

std::string Quoted(const std::string& words) { return "« " + words + " »"; }

std::string WhyNot(const storage::Call& call, const storage::MailTextHead& head,
                   const engine::Refusal& refusal) {
  return "Le texte du message " + Quoted(head.message) + ", version " +
         std::to_string(head.version) + " de l’appel " + Quoted(call.title) +
         (head.collection.empty() ? "" : " pour la collection " + Quoted(head.collection)) +
         ", ne peut plus servir : celui des règles part à sa place. Corrigez-le sur la page "
         "Courriels de l’appel. " +
         refusal.sentence;
}

}  // namespace

ChosenText OwnTexts::Choose(storage::Session& session, const storage::Project& project,
                            const storage::Call& call, const std::string& message,
                            const MailFiles& mails) const {
  const auto head = storage::ClosestMailText(session, call.id, message, project.collection);
  if (!head || !MayBeOwn(message)) return {};
  const std::string key =
      call.definition + '\n' + call.id + '\n' + message + '\n' + head->collection;
  {
    const std::lock_guard lock(mutex_);
    const auto known = read_.find(key);
    if (known != read_.end() && known->second.version == head->version) {
      return {nullptr, known->second.kit, known->second.fell_back};
    }
  }
  const auto text =
      storage::FindMailText(session, call.id, message, head->collection, head->version);
  if (!text) return {};
  Read made{head->version, nullptr, ""};
  auto kit = LoadOwnText(mails, message, {text->text, text->html});
  if (kit) {
    made.kit = std::make_shared<const MailKit>(std::move(kit).value());
  } else {
    made.fell_back = WhyNot(call, *head, kit.refusal());
  }
  const std::lock_guard lock(mutex_);
  read_[key] = made;
  return {nullptr, made.kit, made.fell_back};
}

std::optional<MailSource> TrialIn(const storage::OutboxRow& row) {
  const auto trial = row.payload.is_object() ? row.payload.find("trial") : row.payload.end();
  if (trial == row.payload.end() || !trial->is_object()) return std::nullopt;
  return MailSource{trial->value("text", ""), trial->value("html", "")};
}

std::string MarkOf(const storage::OutboxRow& row) {
  return TrialIn(row) && row.payload["trial"].value("mark", false) ? "[Essai] " : "";
}

}  // namespace aiguillage::notifications
