// Dossiers that could not be read: why, what they hold, and how they get in after all. What a
// person completes here stands beside what DS told, which stays as it came.
#include <nlohmann/json.hpp>

#include "connectors/demarches_simplifiees/call_mapping.h"
#include "connectors/demarches_simplifiees/sync.h"
#include "forms/answers.h"
#include "storage/dossiers.h"
#include "storage/exchange.h"
#include "web/form_view.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/sight.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

using connectors::Mapped;
using connectors::PartOf;
using connectors::TextAt;

constexpr const char* kForm = "application";

// A dossier as the mapping of now reads it.
struct HeldDossier {
  storage::Dossier row;
  nlohmann::json raw;
  std::string mapping_trouble;  // then nothing was mapped
  Mapped mapped;
  std::vector<storage::Correction> corrections;
  const forms::Form* form = nullptr;
  std::shared_ptr<const workflows::Definition> definition;  // holds the form
};

HeldDossier Understand(storage::Session& session, const Services& services,
                       storage::Dossier dossier) {
  HeldDossier held;
  held.raw = connectors::ParseOutside(dossier.raw);
  held.corrections = storage::CorrectionsOf(session, dossier.number);
  held.row = std::move(dossier);
  const auto call = connectors::CallTaking(session, held.row.demarche);
  if (!call) {
    held.mapping_trouble = "Aucun appel ne reçoit plus les dossiers de cette démarche.";
    return held;
  }
  held.definition = services.catalog.Newest(call->definition);
  if (held.definition) held.form = FormOf(*held.definition, kForm);
  const auto mapping = connectors::ReadMappingOf(session, services.catalog, *call);
  if (!mapping) {
    held.mapping_trouble = mapping.refusal().sentence;
    return held;
  }
  try {
    held.mapped = connectors::Map(mapping.value(), held.raw,
                                  connectors::CorrectionsInForce(session, held.row.number));
  } catch (const nlohmann::json::exception&) {
    held.mapping_trouble = "Le dossier n’a pas la forme attendue.";
  }
  return held;
}

HeldDossier HeldAsked(Visit& visit) {
  const std::string& id = visit.Parameter("dossier");
  const bool digits =
      !id.empty() && id.size() < 16 && id.find_first_not_of("0123456789") == std::string::npos;
  return visit.services.database.Read([&](storage::Session& session) {
    auto row = digits ? storage::FindDossier(session, std::stoll(id)) : std::nullopt;
    if (!row) throw HttpError(404, "Ce dossier n’a jamais été reçu.");
    return Understand(session, visit.services, std::move(*row));
  });
}

// The form reduced to what this dossier lacks, and to what was completed before. Files and tables
// are not typed here: only the holder has them.
forms::Form FormToComplete(const HeldDossier& held) {
  forms::Form form;
  if (held.form == nullptr) return form;
  form.id = held.form->id;
  const auto completed = [&](const std::string& name) {
    return std::any_of(held.corrections.begin(), held.corrections.end(),
                       [&](const auto& one) { return one.field == name; });
  };
  for (forms::Field field : held.form->fields) {
    const bool typed = field.kind != forms::Kind::kRows && field.kind != forms::Kind::kGroup &&
                       field.kind != forms::Kind::kHeading && field.widget != "file";
    if (!typed || (!held.mapped.troubled.contains(field.name) && !completed(field.name))) continue;
    field.required = false;
    field.show_if.reset();
    form.fields.push_back(std::move(field));
  }
  return form;
}

nlohmann::json AnswersSoFar(const HeldDossier& held) {
  nlohmann::json answers = nlohmann::json::object();
  for (const auto& one : held.corrections) {
    answers.erase(one.field);
    if (!one.value.is_null()) answers[one.field] = one.value;
  }
  return answers;
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

std::string Shown(const HeldDossier& held, const storage::Correction& one) {
  if (one.value.is_null()) return "";
  if (held.form != nullptr && forms::FindField(*held.form, one.field) != nullptr) {
    const auto view = forms::ReadView(*held.form, {{one.field, one.value}});
    for (const auto& field : view.fields) {
      if (field.name == one.field) return field.display;
    }
  }
  return one.value.is_string() ? one.value.get<std::string>() : one.value.dump();
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
};

Response ShowHeld(Visit& visit, const HeldDossier& held, const Attempt& attempt) {
  View view;
  AddDossier(view, visit, held);
  const forms::Form form = FormToComplete(held);
  AddForm(view, forms::EditView(form, attempt.typed.value_or(AnswersSoFar(held)), attempt.errors),
          {});
  std::string others;
  for (const auto& label : ForTheHolder(held, form)) {
    others += (others.empty() ? "« " : ", « ") + label + " »";
  }
  view.Set("waits", held.row.status == "quarantined")
      .Set("told", attempt.told)
      .Set("has_form", !form.fields.empty())
      .Set("for_holder", others)
      .Set("may_map", visit.visitor->Holds("program_admin"));
  const auto call = visit.services.database.Read([&](storage::Session& session) {
    return connectors::CallTaking(session, held.row.demarche);
  });
  view.Set("mapping_href", call ? "/appels/" + call->id + "/correspondance" : "");
  view.SetList("sections").Set("unanswered", "").Set("unanswered_count", "");
  if (held.form != nullptr) AddAnswers(view, forms::ReadView(*held.form, held.mapped.answers), {});
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

// The whole form judges, and is heard on what was typed here: the rest is the dossier's.
std::vector<forms::FieldError> ErrorsOf(const HeldDossier& held, const forms::Form& form,
                                        const nlohmann::json& answers, const std::string& today) {
  if (held.form == nullptr) return {};
  auto errors = forms::Validate(*held.form, answers, today);
  std::erase_if(errors, [&](const forms::FieldError& error) {
    const std::string field = error.path.substr(0, error.path.find('.'));
    return forms::FindField(form, field) == nullptr || !answers.contains(field);
  });
  return errors;
}

// What differs from what was completed before; an emptied field is taken back.
void SaveCorrections(Visit& visit, const HeldDossier& held, const forms::Form& form,
                     const nlohmann::json& answers) {
  const nlohmann::json before = AnswersSoFar(held);
  visit.services.database.Write([&](storage::Session& session) {
    for (const auto& field : form.fields) {
      const nlohmann::json value = answers.value(field.name, nlohmann::json());
      if (!visit.request.HasField(field.name)) continue;  // not on the page that was sent
      if (value == before.value(field.name, nlohmann::json())) continue;
      storage::InsertCorrection(
          session, {0, held.row.number, field.name, value, visit.visitor->person.id, visit.now});
    }
  });
}

}  // namespace

Response QuarantinePage(Visit& visit) {
  View view;
  view.SetList("dossiers");
  std::size_t count = 0;
  visit.services.database.Read([&](storage::Session& session) {
    for (auto& row : storage::DossiersWithStatus(session, "quarantined")) {
      ++count;
      AddDossier(view.AddRow("dossiers"), visit,
                 Understand(session, visit.services, std::move(row)));
    }
  });
  view.Set("count",
           Plural(static_cast<std::int64_t>(count), "dossier attend", "dossiers attendent"));
  return Page(visit, 200, "quarantine", "Dossiers mis de côté", std::move(view));
}

Response HeldPage(Visit& visit) { return ShowHeld(visit, HeldAsked(visit), {}); }

Response CompleteHeld(Visit& visit) {
  const HeldDossier held = HeldAsked(visit);
  if (held.row.status != "quarantined") {
    return SeeOther("/pilotage/quarantaine/" + std::to_string(held.row.number));
  }
  if (visit.request.Field("do") == "take") return TakeUpNow(visit, held.row.number);
  const forms::Form form = FormToComplete(held);
  const auto read = forms::AnswersFrom(form, visit.request.fields);
  if (!read) throw HttpError(400, read.refusal().sentence);
  auto errors = ErrorsOf(held, form, read.value(), workflows::ParisDate(visit.now));
  if (!errors.empty()) {
    return ShowHeld(visit, held,
                    {422, "Rien n’a été enregistré : il reste des points à corriger.", read.value(),
                     std::move(errors)});
  }
  SaveCorrections(visit, held, form, read.value());
  if (visit.request.Field("do") == "save") {
    return SeeOther("/pilotage/quarantaine/" + std::to_string(held.row.number));
  }
  return TakeUpNow(visit, held.row.number);
}

}  // namespace aiguillage::web
