#include "notifications/compose.h"

#include <algorithm>
#include <optional>
#include <sstream>

#include "notifications/convene.h"
#include "notifications/deadlines.h"
#include "notifications/mail_link.h"
#include "notifications/mime_text.h"
#include "storage/calls.h"
#include "storage/projects.h"
#include "workflows/calendar.h"

namespace aiguillage::notifications {
namespace {

using nlohmann::json;
using storage::OutboxRow;

constexpr std::size_t kLineMax = 200, kParagraphMax = 4000, kValueMax = 1000, kItemsMax = 100;

engine::Refusal Refuse(const std::string& code, const std::string& sentence) {
  return {code, sentence, {}};
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
      const std::string label = CleanLine(TextIn(item, "label"), kLineMax);
      const std::string value = Paragraph(TextIn(item, "value"), kValueMax);
      if (label.empty() || value.empty() || ++count > kItemsMax) continue;
      view.AddRow("items").Set("label", label).Set("value", value);
    }
  }
  view.Set("has_items", count > 0);
}

// Each paragraph as a row: what people typed is parted by empty lines.
void SetParagraphs(View& view, const std::string& text) {
  view.SetList("items");
  std::istringstream lines(Paragraph(text, kParagraphMax));
  std::string line, paragraph;
  const auto end = [&] {
    if (!paragraph.empty()) view.AddRow("items").Set("label", "").Set("value", paragraph);
    paragraph.clear();
  };
  while (std::getline(lines, line)) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) {
      end();
    } else {
      paragraph += (paragraph.empty() ? "" : "\n") + line;
    }
  }
  end();
}

// Lines that lead to our own pages are made anew when the mail leaves.
std::string WithoutLinks(const std::string& body, const std::string& public_url) {
  std::istringstream lines(body);
  std::string line, kept;
  while (std::getline(lines, line)) {
    if (line.find(public_url) == std::string::npos) kept += line + "\n";
  }
  while (kept.ends_with("\n\n")) kept.pop_back();
  return kept;
}

bool IsNews(const OutboxRow& row) { return row.copy || row.payload.value("news", false); }

// The days by which somebody is asked something, to be put in their calendar.
void AttachDays(MailMessage& mail, const std::vector<CalendarEvent>& days) {
  if (days.empty()) return;
  mail.attachments.push_back({days.size() == 1 ? "echeance.ics" : "echeances.ics",
                              std::string(kCalendarType) + "; method=PUBLISH",
                              ICalendar("Échéances", days)});
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
  std::unique_ptr<Composer> composer(new Composer(std::move(options), mails));
  for (const auto& [name, texts] : mails) {
    auto kit = MailKit::Load(texts);
    if (!kit) return Refuse("mail", "Messages de « " + name + " » :\n" + kit.refusal().sentence);
    composer->kits_.emplace(name, std::move(kit).value());
  }
  if (composer->kits_.empty()) return Refuse("mail", "Aucune définition, donc aucun message");
  return composer;
}

View Composer::ViewOf(storage::Session& session, const OutboxRow& row,
                      const std::optional<storage::Project>& project) const {
  View view;
  for (const MailVariable& variable : kMailVariables) {
    SetWithFlag(view, variable.name, CleanLine(TextIn(row.payload, variable.name), kLineMax));
  }
  SetWithFlag(view, kMailReason, Paragraph(TextIn(row.payload, kMailReason), kParagraphMax));
  SetItems(view, row.payload);
  const std::string number = project ? project->number : "";
  SetWithFlag(view, "number", number);
  SetWithFlag(view, "url", MailLink(session, row, number, options_.public_url));
  SetWithFlag(view, "call_url", CallLink(row, project ? project->call : "", options_.public_url));
  return view;
}

engine::Outcome<const MailKit*> Composer::KitOf(const std::string& topic,
                                                const std::string& definition) const {
  const auto kit = definition.empty() ? kits_.begin() : kits_.find(definition);
  if (kit == kits_.end() || !kit->second.Has(topic)) {
    return Refuse("template", "Le message « " + CleanLine(topic, 60) + " » n’existe pas.");
  }
  return &kit->second;
}

engine::Outcome<ChosenText> Composer::TextOfRow(
    storage::Session& session, const OutboxRow& row,
    const std::optional<storage::Project>& project) const {
  const auto call = project ? storage::FindCall(session, project->call) : std::nullopt;
  const std::string definition = call ? call->definition : "";
  const auto kit = KitOf(row.topic, definition);
  if (!kit) return kit.refusal();
  if (definition.empty()) return ChosenText{kit.value(), nullptr, ""};
  if (const auto trial = TrialIn(row)) {
    auto own = LoadOwnText(mails_.at(definition), row.topic, *trial);
    if (!own) return own.refusal();
    return ChosenText{kit.value(), std::make_shared<const MailKit>(std::move(own).value()), ""};
  }
  ChosenText chosen = own_.Choose(session, *project, *call, row.topic, mails_.at(definition));
  chosen.rails = kit.value();
  return chosen;
}

engine::Outcome<MailMessage> Composer::Compose(storage::Session& session, const OutboxRow& row,
                                               std::int64_t now) const {
  const auto person = storage::FindPerson(session, row.person);
  if (person && !person->active) return Refuse("inactive", "Le compte du destinataire est fermé.");
  if (HasEnded(session, row)) return Refuse("inactive", "Ne veut plus être prévenu des appels.");
  const auto project = storage::FindProjectById(session, row.project);
  const auto chosen = TextOfRow(session, row, project);
  if (!chosen) return chosen.refusal();
  View view = ViewOf(session, row, project);
  const auto rewritten = row.payload.find("rewritten");
  const bool other_words =
      rewritten != row.payload.end() && chosen.value().rails->Has(kRewrittenTemplate);
  if (other_words) SetParagraphs(view, TextIn(*rewritten, "text"));
  const std::string topic = other_words ? kRewrittenTemplate : row.topic;
  const MailKit& kit = other_words ? *chosen.value().rails : chosen.value().Kit();

  MailMessage mail;
  mail.fell_back = chosen.value().fell_back;
  mail.from = options_.from;
  mail.reply_to = options_.reply_to;
  mail.to = {person ? person->name : "", person ? person->email : row.address};
  mail.subject = MarkOf(row) + (other_words ? CleanLine(TextIn(*rewritten, "subject"), kLineMax)
                                            : kit.Subject(topic, view));
  mail.text = kit.Text(topic, view);
  view.Set("subject", mail.subject);  // the title of the page that a mail is
  mail.html = kit.Html(topic, view);
  const std::string domain = DomainOf(options_.from.address);
  mail.message_id = MessageIdFor(row.key, domain);
  if (project) {
    mail.in_reply_to = ThreadIdFor(project->number, domain);
    mail.references = {mail.in_reply_to};
  }
  mail.date_at = now;
  AttachDays(mail, DaysOf(session, row, project, now));
  if (IsNews(row)) AddUnsubscribe(session, row, mail);
  return mail;
}

// Only what one is addressed asks one for something: a copy tells.
std::vector<CalendarEvent> Composer::DaysOf(storage::Session& session, const OutboxRow& row,
                                            const std::optional<storage::Project>& project,
                                            std::int64_t now) const {
  if (const auto day = DayOfSitting(row, options_.public_url)) return {*day};
  if (!project || row.person == 0 || IsNews(row)) return {};
  return DeadlinesOn(session, row.person, *project, options_.public_url, now);
}

// RFC 8058: one click of the mail reader ends the news of that person, and nothing else.
void Composer::AddUnsubscribe(storage::Session& session, const OutboxRow& row,
                              MailMessage& mail) const {
  const std::string link = UnsubscribeLink(session, row, options_.public_url);
  if (link.empty()) return;
  mail.headers.emplace_back("List-Unsubscribe", "<" + link + ">");
  mail.headers.emplace_back("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
}

engine::Outcome<MailMessage> Composer::ComposeTogether(storage::Session& session,
                                                       const std::vector<OutboxRow>& rows,
                                                       std::int64_t now) const {
  if (rows.size() == 1) return Compose(session, rows.front(), now);
  const OutboxRow& lead = rows.front();
  const auto person = storage::FindPerson(session, lead.person);
  if (!person || !person->active) {
    return Refuse("inactive", "Le compte du destinataire est fermé.");
  }
  const auto kit = KitOf(kTogetherTemplate, "");
  if (!kit) return kit.refusal();
  View view = ViewOf(session, OutboxRow(), std::nullopt);
  view.Set("url", options_.public_url + "/compte#courriels");
  view.Set("recipient", CleanLine(person->name, kLineMax));
  bool one_project = true;
  MailMessage mail;
  std::vector<CalendarEvent> days;
  for (const OutboxRow& row : rows) {
    one_project = one_project && row.project == lead.project;
    const auto words = DraftOf(session, row, mail.fell_back);
    if (!words) continue;  // its template is gone: the others are not held back
    const auto project = storage::FindProjectById(session, row.project);
    view.AddRow("items")
        .Set("label", CleanLine(words.value().subject, kLineMax))
        .Set("value", Paragraph(words.value().text, kParagraphMax))
        .Set("url", MailLink(session, row, project ? project->number : "", options_.public_url));
    for (auto& day : DaysOf(session, row, project, now)) {
      const auto same = [&](const CalendarEvent& one) { return one.uid == day.uid; };
      if (std::none_of(days.begin(), days.end(), same)) days.push_back(std::move(day));
    }
  }
  view.Set("has_items", true);
  mail.from = options_.from;
  mail.reply_to = options_.reply_to;
  mail.to = {person->name, person->email};
  const auto project = storage::FindProjectById(session, lead.project);
  const std::string many = std::to_string(rows.size()) + " nouvelles";
  mail.subject =
      one_project && project
          ? CleanLine("[" + project->number + "] " + many + " : " + project->title, kLineMax)
          : many + " de vos projets";
  mail.text = kit.value()->Text(kTogetherTemplate, view);
  mail.html = kit.value()->Html(kTogetherTemplate, view);
  mail.message_id = MessageIdFor(lead.key, DomainOf(options_.from.address));
  mail.date_at = now;
  AttachDays(mail, days);
  if (std::all_of(rows.begin(), rows.end(), IsNews)) AddUnsubscribe(session, lead, mail);
  return mail;
}

engine::Outcome<Words> Composer::Draft(storage::Session& session, const OutboxRow& row) const {
  std::string fell_back;
  return DraftOf(session, row, fell_back);
}

engine::Outcome<Words> Composer::DraftOf(storage::Session& session, const OutboxRow& row,
                                         std::string& fell_back) const {
  const auto project = storage::FindProjectById(session, row.project);
  const auto chosen = TextOfRow(session, row, project);
  if (!chosen) return chosen.refusal();
  if (!chosen.value().fell_back.empty()) fell_back = chosen.value().fell_back;
  const auto rewritten = row.payload.find("rewritten");
  if (rewritten != row.payload.end()) {
    return Words{TextIn(*rewritten, "subject"), TextIn(*rewritten, "text")};
  }
  const View view = ViewOf(session, row, project);
  const MailKit& kit = chosen.value().Kit();
  return Words{kit.Subject(row.topic, view),
               WithoutLinks(kit.Body(row.topic, view), options_.public_url)};
}

engine::Outcome<MailMessage> Composer::Preview(storage::Session& session, const OutboxRow& row,
                                               std::int64_t now) const {
  if (row.topic != kLoginTemplate && row.topic != kSubscribeTemplate) {
    return Compose(session, row, now);
  }
  OutboxRow shown = row;
  shown.payload["url"] = options_.public_url + "/connexion/…";
  shown.payload.erase("token");
  return Compose(session, shown, now);
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
