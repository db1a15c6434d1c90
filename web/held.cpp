#include "web/held.h"

#include <algorithm>

#include "connectors/demarches_simplifiees/call_mapping.h"
#include "connectors/demarches_simplifiees/client.h"
#include "forms/answers.h"
#include "forms/view.h"
#include "web/sight.h"
#include "web/uploads.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

constexpr const char* kForm = "application";

bool IsFile(const forms::Field& field) { return field.widget == "file"; }

// {"hash", "name", "type", "size"} and, with an antivirus, "scan" of each file that completes a
// field, as a correction holds it.
std::vector<storage::File> FilesIn(const storage::Correction& correction) {
  std::vector<storage::File> files;
  for (const auto& one : correction.value.is_array() ? correction.value : nlohmann::json::array()) {
    if (!one.is_object() || !one.contains("hash")) continue;
    storage::File file;
    file.hash = one.at("hash");
    file.name = one.at("name");
    file.type = one.at("type");
    file.size = one.at("size");
    file.scan = one.value("scan", "");
    file.field = correction.field;
    files.push_back(std::move(file));
  }
  return files;
}

nlohmann::json Described(const HeldDossier& held, const nlohmann::json& hashes) {
  nlohmann::json described = nlohmann::json::array();
  for (const auto& hash : hashes) {
    const auto file = std::find_if(held.kept.begin(), held.kept.end(),
                                   [&](const storage::File& one) { return one.hash == hash; });
    if (file == held.kept.end()) continue;  // nothing of ours
    described.push_back(
        {{"hash", file->hash}, {"name", file->name}, {"type", file->type}, {"size", file->size}});
    if (!file->scan.empty()) described.back()["scan"] = file->scan;
  }
  return described.empty() ? nlohmann::json() : described;
}

// As corrections hold them.
nlohmann::json AnswersSoFar(const HeldDossier& held) {
  nlohmann::json answers = nlohmann::json::object();
  for (const auto& one : held.corrections) {
    answers.erase(one.field);
    if (!one.value.is_null()) answers[one.field] = one.value;
  }
  return answers;
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

// Files go to their fields; one that is refused is an error beside its field.
void TakeFiles(Visit& visit, const forms::Form& form, HeldDossier& held, forms::Posted& posted,
               std::vector<forms::FieldError>& errors) {
  for (const auto& upload : visit.request.uploads) {
    const auto* field = forms::FindField(form, upload.field);
    if (field == nullptr || !IsFile(*field)) continue;
    auto kept = KeepUpload(visit, *field, upload);
    if (!kept) {
      errors.push_back({upload.field, kept.refusal().sentence});
      continue;
    }
    posted.emplace_back(upload.field, kept.value().hash);
    held.kept.push_back(std::move(kept).value());
  }
}

// Whether the page that was sent had this field: a table by any of its cells.
bool WasSent(const Visit& visit, const forms::Field& field) {
  const auto named = [&](const std::string& name) {
    return name == field.name || name.starts_with(field.name + ".");
  };
  return std::any_of(visit.request.fields.begin(), visit.request.fields.end(),
                     [&](const auto& pair) { return named(pair.first); }) ||
         std::any_of(visit.request.uploads.begin(), visit.request.uploads.end(),
                     [&](const auto& upload) { return named(upload.field); });
}

}  // namespace

HeldReader ReaderFor(storage::Session& session, const Services& services, std::int64_t demarche) {
  HeldReader reader;
  const auto call = connectors::CallTaking(session, demarche);
  if (!call) {
    reader.trouble = "Aucun appel ne reçoit plus les dossiers de cette démarche.";
    return reader;
  }
  reader.definition = services.catalog.Newest(call->definition);
  auto mapping = connectors::ReadMappingOf(session, services.catalog, *call);
  if (mapping) {
    reader.mapping = std::move(mapping).value();
  } else {
    reader.trouble = mapping.refusal().sentence;
  }
  return reader;
}

HeldDossier Understand(storage::Session& session, const HeldReader& reader,
                       storage::Dossier dossier) {
  HeldDossier held;
  held.raw = connectors::ParseOutside(dossier.raw);
  held.corrections = storage::CorrectionsOf(session, dossier.number);
  for (const auto& one : held.corrections) {
    for (auto& file : FilesIn(one)) held.kept.push_back(std::move(file));
  }
  held.row = std::move(dossier);
  held.mapping_trouble = reader.trouble;
  held.definition = reader.definition;
  if (held.definition) held.form = FormOf(*held.definition, kForm);
  if (!reader.mapping) return held;
  try {
    held.mapped = connectors::Map(*reader.mapping, held.raw,
                                  connectors::CorrectionsInForce(session, held.row.number));
  } catch (const nlohmann::json::exception&) {
    held.mapping_trouble = "Le dossier n’a pas la forme attendue.";
  }
  return held;
}

forms::Form FormToComplete(const HeldDossier& held) {
  forms::Form form;
  if (held.form == nullptr) return form;
  form.id = held.form->id;
  const auto completed = [&](const std::string& name) {
    return std::any_of(held.corrections.begin(), held.corrections.end(),
                       [&](const auto& one) { return one.field == name; });
  };
  for (forms::Field field : held.form->fields) {
    const bool typed = field.kind != forms::Kind::kGroup && field.kind != forms::Kind::kHeading;
    if (!typed || (!held.mapped.troubled.contains(field.name) && !completed(field.name))) continue;
    field.required = false;
    field.show_if.reset();
    form.fields.push_back(std::move(field));
  }
  return form;
}

nlohmann::json ToEdit(const HeldDossier& held, const forms::Form& form) {
  nlohmann::json answers = AnswersSoFar(held);
  for (const auto& field : form.fields) {
    const bool known = answers.contains(field.name);
    if (known && IsFile(field)) {
      nlohmann::json hashes = nlohmann::json::array();
      for (const auto& one : answers[field.name]) hashes.push_back(one.at("hash"));
      answers[field.name] = std::move(hashes);
    } else if (!known && field.kind == forms::Kind::kRows &&
               held.mapped.answers.contains(field.name)) {
      answers[field.name] = held.mapped.answers[field.name];
    }
  }
  return answers;
}

Completed ReadCompleted(Visit& visit, const forms::Form& form, HeldDossier& held) {
  Completed completed;
  forms::Posted posted(visit.request.fields.begin(), visit.request.fields.end());
  TakeFiles(visit, form, held, posted, completed.errors);
  auto read = forms::AnswersFrom(form, posted);
  if (!read) throw HttpError(400, read.refusal().sentence);
  completed.answers = std::move(read).value();
  for (auto& error : ErrorsOf(held, form, completed.answers, workflows::ParisDate(visit.now))) {
    completed.errors.push_back(std::move(error));
  }
  return completed;
}

void SaveCorrections(Visit& visit, const HeldDossier& held, const forms::Form& form,
                     const nlohmann::json& answers) {
  const nlohmann::json before = AnswersSoFar(held);
  visit.services.database.Write([&](storage::Session& session) {
    for (const auto& field : form.fields) {
      if (!WasSent(visit, field)) continue;
      nlohmann::json value = answers.value(field.name, nlohmann::json());
      if (IsFile(field)) value = Described(held, value);
      if (value == before.value(field.name, nlohmann::json())) continue;
      storage::InsertCorrection(
          session, {0, held.row.number, field.name, value, visit.visitor->person.id, visit.now});
    }
  });
}

std::string Shown(const HeldDossier& held, const storage::Correction& one) {
  if (one.value.is_null()) return "";
  std::string names;
  for (const auto& file : FilesIn(one)) names += (names.empty() ? "" : ", ") + file.name;
  if (!names.empty()) return names;
  if (one.value.is_array() && !one.value.empty() && one.value[0].is_object()) {
    return Plural(static_cast<std::int64_t>(one.value.size()), "ligne", "lignes");
  }
  if (held.form != nullptr && forms::FindField(*held.form, one.field) != nullptr) {
    const auto view = forms::ReadView(*held.form, {{one.field, one.value}});
    for (const auto& field : view.fields) {
      if (field.name == one.field) return field.display;
    }
  }
  return one.value.is_string() ? one.value.get<std::string>() : one.value.dump();
}

}  // namespace aiguillage::web
