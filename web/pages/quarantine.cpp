// Dossiers that could not be read: why, what they hold, and how they get in after all. What a
// person completes here stands beside what DS told, which stays as it came.
#include <map>
#include <nlohmann/json.hpp>

#include "connectors/demarches_simplifiees/call_mapping.h"
#include "connectors/demarches_simplifiees/sync.h"
#include "forms/answers.h"
#include "storage/dossiers.h"
#include "storage/exchange.h"
#include "web/form_view.h"
#include "web/held.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/sight.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

using connectors::PartOf;
using connectors::TextAt;

constexpr int kHeldPerPage = 50;
constexpr int kMoreRows = 3;  // that a table offers when asked for another

std::string HeldAddress(int page) { return "/pilotage/quarantaine?page=" + std::to_string(page); }

HeldDossier HeldAsked(Visit& visit) {
  const auto id = IdIn(visit.Parameter("dossier"));
  return visit.services.database.Read([&](storage::Session& session) {
    auto row = id ? storage::FindDossier(session, *id) : std::nullopt;
    if (!row) throw HttpError(404, "Ce dossier n’a jamais été reçu.");
    const HeldReader reader = ReaderFor(session, visit.services, row->demarche);
    return Understand(session, reader, std::move(*row));
  });
}

// Troubled fields that nobody can type here.
std::vector<std::string> ForTheHolder(const HeldDossier& held, const forms::Form& form) {
  std::vector<std::string> labels;
  for (const std::string& name : held.mapped.troubled) {
    if (forms::FindField(form, name) != nullptr) continue;
    const auto* field = held.form == nullptr ? nullptr : forms::FindField(*held.form, name);
    labels.push_back(field == nullptr ? name : field->title);
  }
  return labels;
}

std::string WhoFiled(const HeldDossier& held) {
  const std::string email = TextAt(PartOf(held.raw, "usager"), "email");
  const std::string& name = held.mapped.holder_name;
  if (name.empty() || name == email.substr(0, email.find('@'))) return email;
  return name + (email.empty() ? "" : " (" + email + ")");
}

std::string FiledOn(const HeldDossier& held) {
  const auto filed = workflows::ParseInstant(TextAt(held.raw, "dateDepot"));
  return filed ? workflows::FrenchDate(filed.value()) : "";
}

std::vector<std::string> ReasonsOf(const HeldDossier& held) {
  std::vector<std::string> sentences;
  if (!held.mapping_trouble.empty()) return {held.mapping_trouble};
  if (!held.mapped.problems.empty()) return held.mapped.problems;
  const auto kept = nlohmann::json::parse(held.row.reasons, nullptr, false);
  for (const auto& reason : kept.is_array() ? kept : nlohmann::json::array()) {
    if (reason.is_string()) sentences.push_back(reason.get<std::string>());
  }
  return sentences;
}

void AddDossier(View& row, const Visit& visit, const HeldDossier& held) {
  const std::string number = std::to_string(held.row.number);
  const std::string& origin = visit.services.options.ds_address;
  const std::string& title = held.mapped.title;
  row.Set("q_number", number)
      .Set("q_href", "/pilotage/quarantaine/" + number)
      .Set("q_title", title.empty() ? "Sans titre" : title)
      .Set("q_who", WhoFiled(held))
      .Set("q_filed", FiledOn(held))
      .Set("q_since", workflows::FrenchDate(held.row.at))
      .Set("q_ready", held.mapping_trouble.empty() && held.mapped.problems.empty())
      .Set("q_ds_href", origin.empty()
                            ? ""
                            : origin + "/procedures/" + std::to_string(held.row.demarche) +
                                  "/dossiers/" + number);
  row.SetList("q_reasons");
  for (const auto& reason : ReasonsOf(held)) row.AddRow("q_reasons").Set("q_reason", reason);
}

void AddCorrections(View& view, Visit& visit, const HeldDossier& held) {
  view.SetList("corrections");
  visit.services.database.Read([&](storage::Session& session) {
    for (const auto& one : held.corrections) {
      const auto* field = held.form == nullptr ? nullptr : forms::FindField(*held.form, one.field);
      const auto person = storage::FindPerson(session, one.person);
      view.AddRow("corrections")
          .Set("cor_label", field == nullptr ? one.field : field->title)
          .Set("cor_value", Shown(held, one))
          .Set("cor_who", person ? NameOf(*person) : "")
          .Set("cor_when", workflows::FrenchInstant(one.at));
    }
  });
}

struct Attempt {
  int status = 200;
  std::string told;                     // what the last try said
  std::optional<nlohmann::json> typed;  // kept as typed when it was refused
  std::vector<forms::FieldError> errors;
  int blank_rows = 1;
};

Response ShowHeld(Visit& visit, const HeldDossier& held, const Attempt& attempt) {
  View view;
  AddDossier(view, visit, held);
  const forms::Form form = FormToComplete(held);
  AddForm(view,
          forms::EditView(form, attempt.typed.value_or(ToEdit(held, form)), attempt.errors,
                          attempt.blank_rows),
          {held.kept, {}});
  std::string others;
  for (const auto& label : ForTheHolder(held, form)) {
    others += (others.empty() ? "« " : ", « ") + label + " »";
  }
  view.Set("waits", held.row.status == "quarantined")
      .Set("told", attempt.told)
      .Set("has_form", !form.fields.empty())
      .Set("for_holder", others)
      .Set("may_map", Covers(Rule::kPilot, *visit.visitor, visit.scopes));
  const auto call = visit.services.database.Read([&](storage::Session& session) {
    return connectors::CallTaking(session, held.row.demarche);
  });
  view.Set("mapping_href", call ? "/appels/" + call->id + "/correspondance" : "");
  view.SetList("sections").Set("unanswered", "").Set("unanswered_count", "");
  if (held.form != nullptr) {
    AddAnswers(view, forms::ReadView(*held.form, held.mapped.answers), held.kept);
  }
  AddCorrections(view, visit, held);
  const std::string title = "Dossier " + std::to_string(held.row.number) + " mis de côté";
  return Page(visit, attempt.status, "held",
              attempt.errors.empty() && attempt.told.empty() ? title : "Erreur : " + title,
              std::move(view));
}

// The project it became, or the page again with what still stops it.
Response TakeUpNow(Visit& visit, std::int64_t number) {
  connectors::SyncOptions options;
  options.files_dir = visit.services.options.files_dir;
  options.public_url = visit.services.options.public_url;
  options.at = visit.now;
  const auto report = connectors::TakeUp(visit.services.database, visit.services.desk,
                                         visit.services.catalog, options, number);
  const auto project = visit.services.database.Read([&](storage::Session& session) {
    const auto row = storage::FindDossier(session, number);
    return row && row->status != "quarantined" ? storage::FindProjectByDossier(session, number)
                                               : std::nullopt;
  });
  if (project) return SeeOther("/projets/" + project->number);
  Attempt attempt;
  attempt.status = 422;
  attempt.told = "Le dossier ne peut pas encore entrer.";
  if (report.stopped) attempt.told += " " + report.words.back();
  return ShowHeld(visit, HeldAsked(visit), attempt);
}

}  // namespace

Response QuarantinePage(Visit& visit) {
  View view;
  view.SetList("dossiers");
  std::int64_t count = 0;
  const int page = PageAsked(visit);
  const auto shown = CallsFor(Rule::kOffice, *visit.visitor);
  visit.services.database.Read([&](storage::Session& session) {
    const auto demarches = shown.DemarchesListed(session);
    count = storage::CountQuarantined(session, demarches);
    std::map<std::int64_t, HeldReader> readers;
    for (auto& row :
         storage::Quarantined(session, kHeldPerPage, (page - 1) * kHeldPerPage, demarches)) {
      auto reader = readers.find(row.demarche);
      if (reader == readers.end()) {
        const std::int64_t demarche = row.demarche;
        reader = readers.emplace(demarche, ReaderFor(session, visit.services, demarche)).first;
      }
      AddDossier(view.AddRow("dossiers"), visit,
                 Understand(session, reader->second, std::move(row)));
    }
  });
  const auto pages = std::max<std::int64_t>(1, (count + kHeldPerPage - 1) / kHeldPerPage);
  view.Set("count", Plural(count, "dossier attend", "dossiers attendent"))
      .Set("several_pages", pages > 1)
      .Set("page_words", "page " + std::to_string(page) + " sur " + std::to_string(pages))
      .Set("previous", page > 1 ? HeldAddress(page - 1) : "")
      .Set("next", page < pages ? HeldAddress(page + 1) : "");
  return Page(visit, 200, "quarantine", "Dossiers mis de côté", std::move(view));
}

Response HeldPage(Visit& visit) { return ShowHeld(visit, HeldAsked(visit), {}); }

Response CompleteHeld(Visit& visit) {
  HeldDossier held = HeldAsked(visit);
  if (held.row.status != "quarantined") {
    return SeeOther("/pilotage/quarantaine/" + std::to_string(held.row.number));
  }
  if (visit.request.Field("do") == "take") return TakeUpNow(visit, held.row.number);
  const forms::Form form = FormToComplete(held);
  Completed done = ReadCompleted(visit, form, held);
  if (visit.request.Field("do") == "rows") {
    return ShowHeld(visit, held, {200, "", done.answers, {}, kMoreRows});
  }
  if (!done.errors.empty()) {
    return ShowHeld(visit, held,
                    {422, "Rien n’a été enregistré : il reste des points à corriger.", done.answers,
                     std::move(done.errors)});
  }
  SaveCorrections(visit, held, form, done.answers);
  if (visit.request.Field("do") == "save") {
    return SeeOther("/pilotage/quarantaine/" + std::to_string(held.row.number));
  }
  return TakeUpNow(visit, held.row.number);
}

}  // namespace aiguillage::web
