#include "notifications/compose.h"

#include <optional>

#include "notifications/mime_text.h"
#include "storage/calls.h"
#include "storage/projects.h"
#include "workflows/calendar.h"

namespace aiguillage::notifications {
namespace {

using nlohmann::json;
using storage::OutboxRow;

constexpr std::size_t kLineMax = 200, kParagraphMax = 4000, kValueMax = 1000, kItemsMax = 100;
constexpr const char* kLoginPath = "/connexion/";

engine::Refusal Refuse(const std::string& code, const std::string& sentence) {
  return {code, sentence, {}};
}

std::string TextOf(const json& payload, const char* name) {
  const auto found = payload.is_object() ? payload.find(name) : payload.end();
  if (found == payload.end()) return "";
  return found->is_string() ? found->get<std::string>() : found->is_number() ? found->dump() : "";
}

std::string Paragraph(const std::string& text, std::size_t bytes_max) {
  std::string clean = CleanText(text);
  if (clean.size() <= bytes_max) return clean;
  clean.resize(bytes_max);
  while (!clean.empty() && (static_cast<unsigned char>(clean.back()) & 0xC0) == 0x80) {
    clean.pop_back();
  }
  if (!clean.empty() && static_cast<unsigned char>(clean.back()) >= 0x80) clean.pop_back();
  return clean + "…";
}

void SetWithFlag(View& view, const std::string& name, std::string text) {
  view.Set("has_" + name, !text.empty());
  view.Set(name, std::move(text));
}

void SetItems(View& view, const json& payload) {
  view.SetList("items");
  std::size_t count = 0;
  const auto found = payload.is_object() ? payload.find("items") : payload.end();
  if (found != payload.end() && found->is_array()) {
    for (const json& item : *found) {
      const std::string label = CleanLine(TextOf(item, "label"), kLineMax);
      const std::string value = Paragraph(TextOf(item, "value"), kValueMax);
      if (label.empty() || value.empty() || ++count > kItemsMax) continue;
      view.AddRow("items").Set("label", label).Set("value", value);
    }
  }
  view.Set("has_items", count > 0);
}

bool IsSlug(const std::string& text) {
  return !text.empty() && text.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"
                              "WXYZ0123456789-_.") == std::string::npos;
}

}  // namespace

engine::Outcome<std::unique_ptr<Composer>> Composer::Load(const workflows::Catalog& catalog,
                                                          ComposeOptions options) {
  Mails mails;
  for (const std::string& name : catalog.Names()) mails[name] = catalog.KitOf(name).mails;
  return Make(mails, std::move(options));
}

engine::Outcome<std::unique_ptr<Composer>> Composer::Make(const Mails& mails,
                                                          ComposeOptions options) {
  const std::string why = WhyNotAddress(options.from.address);
  if (!why.empty()) return Refuse("mail", "mail.from : " + why);
  while (options.public_url.ends_with('/')) options.public_url.pop_back();
  std::unique_ptr<Composer> composer(new Composer(std::move(options)));
  for (const auto& [name, texts] : mails) {
    auto kit = MailKit::Load(texts);
    if (!kit) return Refuse("mail", "Messages de « " + name + " » :\n" + kit.refusal().sentence);
    composer->kits_.emplace(name, std::move(kit).value());
  }
  if (composer->kits_.empty()) return Refuse("mail", "Aucune définition, donc aucun message");
  return composer;
}

engine::Outcome<MailMessage> Composer::Compose(storage::Session& session, const OutboxRow& row,
                                               std::int64_t now) const {
  const auto person = storage::FindPerson(session, row.person);
  if (person && !person->active) return Refuse("inactive", "Le compte du destinataire est fermé.");
  const auto project = storage::FindProjectById(session, row.project);
  const auto call = project ? storage::FindCall(session, project->call) : std::nullopt;
  // Mails common to all definitions are in every kit: without a project, any of them will do.
  const auto kit = call ? kits_.find(call->definition) : kits_.begin();
  if (kit == kits_.end() || !kit->second.Has(row.topic)) {
    return Refuse("template", "Le message « " + CleanLine(row.topic, 60) + " » n’existe pas.");
  }
  View view;
  for (const char* name : kMailVariables) {
    SetWithFlag(view, name, CleanLine(TextOf(row.payload, name), kLineMax));
  }
  SetWithFlag(view, kMailReason, Paragraph(TextOf(row.payload, kMailReason), kParagraphMax));
  SetItems(view, row.payload);
  const std::string number = project ? project->number : "";
  SetWithFlag(view, "number", number);
  SetWithFlag(view, "url", LinkOf(row, number));
  SetWithFlag(view, "call_url", project ? options_.public_url + "/appels/" + project->call : "");

  MailMessage mail;
  mail.from = options_.from;
  mail.reply_to = options_.reply_to;
  mail.to = {person ? person->name : "", person ? person->email : row.address};
  mail.subject = kit->second.Subject(row.topic, view);
  mail.text = kit->second.Text(row.topic, view);
  mail.html = kit->second.Html(row.topic, view);
  const std::string domain = DomainOf(options_.from.address);
  mail.message_id = MessageIdFor(row.key, domain);
  if (project) {
    mail.in_reply_to = ThreadIdFor(number, domain);
    mail.references = {mail.in_reply_to};
  }
  mail.date_at = now;
  return mail;
}

engine::Outcome<MailMessage> Composer::Preview(storage::Session& session, const OutboxRow& row,
                                               std::int64_t now) const {
  if (row.topic != kLoginTemplate) return Compose(session, row, now);
  OutboxRow shown = row;
  shown.payload["url"] = options_.public_url + kLoginPath + "…";
  return Compose(session, shown, now);
}

// Where the mail leads: the project, its decision when the row names one, or the log-in link.
std::string Composer::LinkOf(const OutboxRow& row, const std::string& number) const {
  if (row.topic == kLoginTemplate) {
    const std::string url = TextOf(row.payload, "url");
    return url.starts_with(options_.public_url + kLoginPath) ? url : "";
  }
  if (number.empty()) return options_.public_url + "/";
  const std::string action = TextOf(row.payload, "action");
  return options_.public_url + "/projets/" + number + (IsSlug(action) ? "/actions/" + action : "");
}

void QueueLoginMail(storage::Session& session, const storage::Person& person,
                    const std::string& key, const std::string& url, std::int64_t expires_at,
                    std::int64_t now) {
  OutboxRow row;
  row.kind = "mail";
  row.key = key;
  row.topic = kLoginTemplate;
  row.person = person.id;
  row.address = person.email;
  row.payload = {{"recipient", person.name.empty() ? person.email : person.name},
                 {"url", url},
                 {"due", workflows::FrenchInstant(expires_at)}};
  row.status = "pending";
  row.created_at = row.not_before = now;
  storage::InsertOutbox(session, row);
}

}  // namespace aiguillage::notifications
