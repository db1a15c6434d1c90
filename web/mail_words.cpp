#include "web/mail_words.h"

#include <algorithm>

#include "notifications/outbox_hand.h"
#include "storage/hash.h"
#include "web/words.h"

namespace aiguillage::web {

namespace {

using notifications::Words;

constexpr const char* kText = "texte.";
constexpr std::size_t kMailsMax = 20;

std::string DigestOfWords(const Words& words) {
  return storage::Sha256(words.subject + "\n" + words.text);
}

// A form sends its lines ended by CR LF, and the field's own first line may be gone; templates
// leave empty lines where a section said nothing.
std::string AsGiven(std::string text) {
  std::erase(text, '\r');
  for (std::size_t at = 0; (at = text.find("\n\n\n", at)) != std::string::npos;) text.erase(at, 1);
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  text.erase(0, text.find_first_not_of('\n'));
  return text;
}

std::string RolesTold(const workflows::ActAnswer& answer, const std::string& template_id) {
  std::string to, copies;
  for (const auto& mail : answer.mails) {
    if (mail.template_id != template_id || mail.address.empty()) continue;
    std::string& words = mail.copy ? copies : to;
    const std::string role = mail.to == "actor" ? "vous" : RoleLabel(mail.to);
    if (words.find(role) == std::string::npos) words += (words.empty() ? "" : ", ") + role;
  }
  if (to.empty()) return copies;
  return copies.empty() ? to : to + " (copie : " + copies + ")";
}

}  // namespace

std::vector<MailText> ChangedTexts(const Visit& visit) {
  std::vector<MailText> texts;
  if (!visit.visitor->IsStaff()) return texts;
  for (const auto& [name, value] : visit.request.fields) {
    if (!name.starts_with(kText) || texts.size() == kMailsMax) continue;
    MailText text;
    text.template_id = name.substr(std::char_traits<char>::length(kText));
    text.subject = AsGiven(visit.request.Field("objet." + text.template_id));
    text.text = AsGiven(value);
    text.origin = visit.request.Field("origine." + text.template_id);
    text.changed = true;
    if (DigestOfWords({text.subject, text.text}) != text.origin) texts.push_back(std::move(text));
  }
  return texts;
}

std::vector<MailText> MailTextsOf(Visit& visit, const workflows::ActAnswer& rehearsal) {
  std::vector<MailText> texts;
  if (!visit.services.draft_mail || !visit.visitor->IsStaff()) return texts;
  const auto posted = ChangedTexts(visit);
  const auto same = [](const std::string& id) {
    return [&id](const MailText& text) { return text.template_id == id; };
  };
  for (const auto& mail : rehearsal.mails) {
    if (mail.address.empty() || std::any_of(texts.begin(), texts.end(), same(mail.template_id))) {
      continue;
    }
    storage::OutboxRow row;
    row.kind = "mail";
    row.topic = mail.template_id;
    row.project = visit.project->id;
    row.payload = mail.variables;
    Words own = visit.services.draft_mail(row);
    own.subject = AsGiven(own.subject);
    own.text = AsGiven(own.text);
    MailText text{mail.template_id, "", own.subject, own.text, DigestOfWords(own), false};
    const auto changed = std::find_if(posted.begin(), posted.end(), same(mail.template_id));
    if (changed != posted.end()) {
      text.subject = changed->subject;
      text.text = changed->text;
      text.changed = true;
    }
    text.to = RolesTold(rehearsal, mail.template_id);
    texts.push_back(std::move(text));
  }
  return texts;
}

void AddMailTexts(View& view, const std::vector<MailText>& texts) {
  view.SetList("mail_texts").Set("has_mail_texts", !texts.empty());
  for (const auto& text : texts) {
    view.AddRow("mail_texts")
        .Set("mt_id", text.template_id)
        .Set("mt_to", text.to)
        .Set("mt_subject", text.subject)
        .Set("mt_text", text.text)
        .Set("mt_origin", text.origin)
        .Set("mt_changed", text.changed);
  }
}

engine::Outcome<MailWords> WordsFrom(const Visit& visit) {
  MailWords all;
  for (const auto& text : ChangedTexts(visit)) {
    const auto clean =
        notifications::CheckWords({text.subject, text.text}, visit.services.options.public_url);
    if (!clean) {
      return engine::Refusal{
          "words", "Le courriel « " + text.subject + " » : " + clean.refusal().sentence, {}};
    }
    all[text.template_id] = {{"subject", clean.value().subject},
                             {"text", clean.value().text},
                             {"by", NameOf(visit.visitor->person)}};
  }
  return all;
}

}  // namespace aiguillage::web
