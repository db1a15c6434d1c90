// Mails as rows of the outbox: one per recipient, with the flat variables of the templates.
//
//   <aap:mail template="framing_validated" to="project_holder designer" copy="case_officer"/>
//     -> a row per person; somebody who is both in `to` and in `copy` gets one, addressed to them;
//        who stands in for an absent one gets it too, and is told why
//   … replaces="framing_change_asked"  -> theirs of that template that still wait are withdrawn
#include <algorithm>

#include "forms/points.h"
#include "forms/view.h"
#include "storage/outbox.h"
#include "workflows/access.h"
#include "workflows/delegation.h"
#include "workflows/desk_outbox.h"
#include "workflows/mail_pace.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;

// What several fields of our forms call the same thing.
constexpr const char* kReasonFields[] = {"reason", "comment", "motivation", "message"};

std::string NextWords(const Work& work) {
  std::string text;
  for (const auto& task : storage::OpenTasks(work.session, work.project.id)) {
    if (!task.OfRails()) continue;
    const std::string words = task.label + " (" + RoleLabel(task.role) + ")";
    if (text.find(words) != std::string::npos) continue;  // two reviewers: said once
    if (!text.empty()) text += ", ";
    text += words;
  }
  return text;
}

// Whom to write to: what the call says, else those who follow the file, else the pilot.
std::string Contact(const Work& work) {
  const auto own = work.call.settings.find("contact");
  if (own != work.call.settings.end() && own->is_string()) return own->get<std::string>();
  for (const char* role : {"case_officer", "program_admin"}) {
    const auto people = PeopleWith(work.session, role, work.project);
    if (!people.empty()) return people[0].email;
  }
  return "";
}

json ItemsOf(const Work& work) {
  json items = json::array();
  const auto form = work.definition.forms.find(work.form);
  if (form == work.definition.forms.end() || !form->second.is_public) return items;
  for (const auto& item : forms::Items(form->second, work.answers)) {
    items.push_back({{"label", item.label}, {"value", item.value}});
  }
  return items;
}

// The variables that do not depend on who reads.
json Variables(const Work& work) {
  const auto& project = work.project;
  const auto& snapshot = work.step.snapshot;
  const auto collection = storage::FindCollection(work.session, project.collection);
  json payload = {
      {"number", project.number},
      {"title", project.title},
      {"collection", collection ? collection->label : "Sans collection"},
      {"call", work.call.title},
      {"state", StateLabels(work.definition.chart, snapshot, "label")},
      {"public_state", StateLabels(work.definition.chart, snapshot, "public")},
      {"actor", work.person == 0 ? std::string("Aiguillage")
                                 : ActedBy(work.session, work.person, work.permit.on_behalf_of)},
      {"reason", RequestWords(work)},
      {"date", FrenchDate(work.now)},
      {"due", project.due_at > work.now ? FrenchDate(project.due_at) : std::string()},
      {"url", "/projets/" + project.number},
      {"next", NextWords(work)},
      {"contact", Contact(work)},
      {"holder", NameOf(work.session, project.holder)},
      {"call_url", "/appels/" + project.call},
      {"definition", work.definition.name},
  };
  payload["items"] = ItemsOf(work);
  return payload;
}

// One <aap:mail> being turned into rows.
struct MailWork {
  Work& work;
  OutboxWriter& writer;
  std::string template_id;
  bool news = false;  // told for information, even to whom it is addressed
  std::vector<Recipient> recipients = {};

  // Those who were just given the role are the ones told; else those who hold it, closest scope.
  std::vector<storage::Person> PeopleFor(const std::string& role) const {
    if (role == "actor") {
      auto person = storage::FindPerson(work.session, work.person);
      return person ? std::vector<storage::Person>{*person} : std::vector<storage::Person>{};
    }
    const auto granted = work.granted.find(role);
    if (granted != work.granted.end()) return granted->second;
    return PeopleWith(work.session, role, work.project);
  }

  void Collect(const std::string& roles, bool copy) {
    for (const std::string& role : Words(roles)) {
      const auto people = PeopleFor(role);
      if (people.empty()) Skip(role, copy);
      for (const auto& person : people) Add({role, person, copy, ""});
    }
  }

  void Add(Recipient recipient) {
    const bool told = std::any_of(recipients.begin(), recipients.end(), [&](const auto& one) {
      return one.person.id == recipient.person.id;
    });
    if (!told) recipients.push_back(std::move(recipient));
  }

  // After everybody else: who is told in their own name is not told again in another's.
  void AddStandIns() {
    const auto absent = recipients;
    for (const auto& one : absent) {
      for (const auto& person : StandInsOf(work.session, one.person.id, work.project, work.now)) {
        Add({one.role, person, one.copy, NameOf(work.session, one.person.id)});
      }
    }
  }

  void Skip(const std::string& role, bool copy) {
    storage::OutboxRow row;
    row.topic = template_id;
    row.copy = copy;
    row.status = "skipped";
    row.detail = "Personne n’a le rôle « " + RoleLabel(role) + " » pour ce projet.";
    row.payload = {{"role", role}};
    writer.Mail(row);
    work.answer.mails.push_back({template_id, role, "", copy, {}});
    work.notes.push_back("Message « " + template_id + " » : " + row.detail);
  }

  // The words of whoever acts, in place of the template's.
  void SayOtherwise(json& payload) const {
    if (work.request == nullptr) return;
    const auto words = work.request->words.find(template_id);
    if (words == work.request->words.end()) return;
    payload["rewritten"] = {{"subject", words->second.at("subject")},
                            {"text", words->second.at("text")}};
    payload["hand"] = {{{"what", "rewritten"},
                        {"person", work.person},
                        {"name", words->second.at("by")},
                        {"at", work.now}}};
  }

  // Copies are news, and what the rails call so.
  void SetPace(storage::OutboxRow& row) const {
    const bool is_news = row.copy || news;
    const std::string pace = PaceFor(work.session, row.person, is_news ? kNews : kDuties);
    if (pace == kNeverSent) {
      row.status = "skipped";
      row.detail = kNewsUnwanted;
      row.done_at = work.now;
    } else if (pace != kNow) {
      row.pace = pace;
    }
  }

  // Those that go out together share one fate: a 4xx says that none of them was taken.
  bool HasNotLeft(const storage::OutboxRow& row) const {
    const bool alone = row.pace.empty() || row.attempts == 0;
    if (row.status == "pending") return alone || row.detail.starts_with('4');
    const auto lead = storage::FindOutbox(work.session, row.lead);
    return row.status == "sending" && lead && lead->status == "pending" &&
           lead->detail.starts_with('4');
  }

  // What this mail contradicts and has not left yet: the reader gets the truth, once. A mail that
  // already went out with others, or may have, stays.
  void Replace(std::int64_t person, const std::set<std::string>& topics) const {
    if (topics.empty()) return;
    for (const auto& one : storage::OutboxOf(work.session, work.project.id, "mail")) {
      if (one.person != person || !topics.contains(one.topic) || one.act == work.act) continue;
      auto row = storage::FindOutbox(work.session, one.id).value();  // one before may have led it
      if (!HasNotLeft(row)) continue;
      CountRow(work);
      storage::ReleaseCarried(work.session, row.id);
      row.lead = 0;
      work.undo.replaced.push_back({{"id", row.id}, {"detail", row.detail}});
      row.status = "withdrawn";
      row.detail = "Remplacé par « " + template_id + " » avant d’être parti.";
      row.done_at = work.now;
      storage::UpdateOutbox(work.session, row);
    }
  }

  // The variables are lent to the row: they are many, and the same for each reader.
  void Write(const Recipient& recipient, json& variables) {
    storage::OutboxRow row;
    row.topic = template_id;
    row.person = recipient.person.id;
    row.address = recipient.person.email;
    row.copy = recipient.copy;
    row.status = "pending";
    row.payload = std::move(variables);
    row.payload["recipient"] =
        recipient.person.name.empty() ? recipient.person.email : recipient.person.name;
    row.payload["role"] = recipient.role;
    if (!recipient.standing_for.empty()) row.payload["standing_for"] = recipient.standing_for;
    SayOtherwise(row.payload);
    SetPace(row);
    if (news) row.payload["news"] = true;
    writer.Mail(row);
    row.payload.erase("news");
    row.payload.erase("rewritten");
    row.payload.erase("hand");
    row.payload.erase("standing_for");
    variables = std::move(row.payload);
    PlannedMail planned{template_id, recipient.role, recipient.person.email, recipient.copy, {}};
    if (work.request != nullptr && work.request->dry_run) planned.variables = variables;
    work.answer.mails.push_back(std::move(planned));
  }
};

}  // namespace

std::string ReasonOf(const json& data) {
  if (!data.is_object()) return "";
  for (const char* field : kReasonFields) {
    const auto found = data.find(field);
    if (found == data.end() || !found->is_string()) continue;
    if (!found->get_ref<const std::string&>().empty()) return found->get<std::string>();
  }
  return "";
}

std::string RequestWords(const Work& work) {
  const auto form = work.definition.forms.find(work.form);
  const bool asks =
      form != work.definition.forms.end() && forms::AskingField(form->second) != nullptr;
  return asks ? forms::RequestText(form->second, work.answers) : ReasonOf(work.event.data);
}

std::string EffectText(const engine::CustomEffect& effect, const std::string& name) {
  const auto computed = effect.values.find(name);
  if (computed != effect.values.end() && computed->second.is_string()) {
    return computed->second.get<std::string>();
  }
  const auto written = effect.attributes.find(name);
  return written == effect.attributes.end() ? "" : written->second;
}

void WriteMailTo(Work& work, OutboxWriter& writer, const std::string& template_id,
                 const std::vector<Recipient>& readers, const json& more) {
  if (writer.variables.is_null()) writer.variables = Variables(work);
  writer.variables.update(more);
  MailWork mail{work, writer, template_id, {}};
  for (const Recipient& reader : readers) {
    if (!writer.told.insert({template_id, reader.person.id}).second) continue;
    mail.Write(reader, writer.variables);
  }
}

void WriteMail(Work& work, OutboxWriter& writer, const engine::CustomEffect& effect) {
  MailWork mail{work, writer, EffectText(effect, "template"), EffectText(effect, "news") == "yes"};
  mail.Collect(EffectText(effect, "to"), false);
  mail.Collect(EffectText(effect, "copy"), true);
  if (mail.recipients.empty()) return;
  mail.AddStandIns();
  if (writer.variables.is_null()) writer.variables = Variables(work);
  const auto replaced = Words(EffectText(effect, "replaces"));
  for (const Recipient& recipient : mail.recipients) {
    if (!writer.told.insert({mail.template_id, recipient.person.id}).second) continue;
    mail.Replace(recipient.person.id, {replaced.begin(), replaced.end()});
    mail.Write(recipient, writer.variables);
  }
}

}  // namespace aiguillage::workflows
