// The mapping of a call, for its pilot: each field of the démarche as last read beside ours. Saved
// in versions, by the field's id; an earlier version, or the file of the rails, can come back.
#include <nlohmann/json.hpp>

#include "connectors/demarches_simplifiees/call_mapping.h"
#include "connectors/demarches_simplifiees/conversions.h"
#include "storage/calls.h"
#include "storage/exchange.h"
#include "web/mapping_edit.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/sight.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

using connectors::PartOf;

// All that the page is made of, read at once.
struct MappingScene {
  storage::Call call;
  std::shared_ptr<const workflows::Definition> definition;
  const forms::Form* form = nullptr;
  std::optional<storage::Descriptor> descriptor;
  std::vector<storage::MappingVersion> versions;
  nlohmann::json mapping;
  std::map<std::int64_t, std::string> names;  // who saved

  int version() const { return versions.empty() ? 0 : versions.front().version; }
  std::string address() const { return "/appels/" + call.id + "/correspondance"; }
};

MappingScene ReadScene(Visit& visit) {
  MappingScene scene;
  visit.services.database.Read([&](storage::Session& session) {
    const auto call = storage::FindCall(session, visit.Parameter("call"));
    if (!call) throw HttpError(404, "Cet appel n’existe pas.");
    scene.call = *call;
    scene.descriptor = storage::FindDescriptor(session, call->demarche);
    scene.versions = storage::MappingsOf(session, call->id);
    scene.mapping = connectors::MappingInForce(session, visit.services.catalog, *call);
    for (const auto& one : scene.versions) {
      const auto person = storage::FindPerson(session, one.person);
      if (person) scene.names[one.person] = NameOf(*person);
    }
  });
  scene.definition = visit.services.catalog.Newest(scene.call.definition);
  if (scene.definition) scene.form = FormOf(*scene.definition, "application");
  if (scene.form == nullptr) {
    throw HttpError(404, "Les règles de cet appel n’ont pas de formulaire de candidature.");
  }
  return scene;
}

std::vector<MappingRow> RowsOf(const MappingScene& scene) {
  return MappingRows(scene.mapping, scene.descriptor ? scene.descriptor->revision : nullptr,
                     *scene.form);
}

struct StateWords {
  const char* state;
  const char* words;
  const char* tone;
  bool pending;  // waits for the pilot
};
constexpr StateWords kStates[] = {
    {"mapped", "repris", "done", false},     {"ignored", "laissé de côté", "quiet", false},
    {"unmapped", "à traiter", "soon", true}, {"retyped", "a changé de nature", "late", true},
    {"renamed", "renommé", "soon", true},    {"gone", "a disparu de la démarche", "late", true},
    {"unread", "repris", "quiet", false}};

const StateWords& WordsOfState(const std::string& state) {
  for (const auto& one : kStates) {
    if (state == one.state) return one;
  }
  return kStates[0];
}

void AddOption(View& row, const char* list, const std::string& value, const std::string& label,
               bool selected) {
  row.AddRow(list)
      .Set("option_value", value)
      .Set("option_label", label)
      .Set("option_selected", selected);
}

void AddTargets(View& line, const MappingRow& row, const std::vector<MappingRow>& rows,
                const forms::Form& form) {
  line.SetList("m_targets");
  AddOption(line, "m_targets", "",
            row.descriptor.empty() ? "— retirer de la correspondance —" : "— non repris —",
            row.to.empty());
  if (!row.descriptor.empty()) {
    AddOption(line, "m_targets", kIgnoredChamp, "Laisser de côté", row.to == kIgnoredChamp);
  }
  bool named = row.to.empty() || row.to == kIgnoredChamp;
  for (const forms::Field* field : FieldsFor(row, rows, form)) {
    AddOption(line, "m_targets", field->name, field->title, row.to == field->name);
    named = named || row.to == field->name;
  }
  if (!named) AddOption(line, "m_targets", row.to, row.to + " (inconnu ici)", true);
}

void AddRowOf(View& line, const MappingRow& row, const std::vector<MappingRow>& rows,
              const MappingScene& scene) {
  const StateWords& state = WordsOfState(row.state);
  line.Set("m_champ", row.champ)
      .Set("m_label", row.label)
      .Set("m_was", row.was)
      .Set("m_inner", !row.parent.empty())
      .Set("m_type", row.descriptor.empty() ? "" : connectors::DescriptorWords(row.descriptor))
      .Set("m_state", state.words)
      .Set("m_tone", state.tone)
      .Set("m_suggested", row.suggested)
      .Set("m_required", row.required)
      .Set("m_layout", connectors::IsLayout(row.descriptor))
      .Set("m_error", row.error);
  std::string unknown;
  for (const auto& word : row.unknown_words) {
    unknown += (unknown.empty() ? "« " : ", « ") + word + " »";
  }
  line.Set("m_unknown", unknown);
  AddTargets(line, row, rows, *scene.form);
  line.SetList("m_conversions").SetList("m_lists");
  auto conversions = connectors::ConversionsOf(row.descriptor);
  if (row.descriptor.empty()) conversions = {row.conversion};
  AddOption(line, "m_conversions", "", "selon notre champ", row.conversion.empty());
  for (const auto& conversion : conversions) {
    AddOption(line, "m_conversions", conversion, connectors::ConversionWords(conversion),
              row.conversion == conversion);
  }
  AddOption(line, "m_lists", "", "aucune", row.choices.empty());
  for (const auto& [name, list] : PartOf(scene.mapping, "choices").items()) {
    AddOption(line, "m_lists", name, name, row.choices == name);
  }
}

void AddVersions(View& view, const MappingScene& scene) {
  view.SetList("versions");
  for (const auto& one : scene.versions) {
    const auto name = scene.names.find(one.person);
    view.AddRow("versions")
        .Set("v_label", "Version " + std::to_string(one.version) +
                            (one.mapping.is_null() ? " : retour au fichier des règles" : ""))
        .Set("v_href", scene.address() + "/" + std::to_string(one.version) + "/retablir")
        .Set("v_who", name == scene.names.end() ? "" : name->second)
        .Set("v_when", workflows::FrenchInstant(one.at))
        .Set("v_here", one.version == scene.version());
  }
  view.Set("file_href", scene.address() + "/0/retablir").Set("file_here", scene.versions.empty());
}

Response ShowMapping(Visit& visit, const MappingScene& scene, const std::vector<MappingRow>& rows,
                     int status, const std::string& told) {
  View view;
  std::int64_t pending = 0;
  view.SetList("rows").SetList("wrong");
  for (const MappingRow& row : rows) {
    pending += WordsOfState(row.state).pending ? 1 : 0;
    AddRowOf(view.AddRow("rows"), row, rows, scene);
    if (row.error.empty()) continue;
    view.AddRow("wrong")
        .Set("w_champ", row.champ)
        .Set("w_label", row.label)
        .Set("w_error", row.error);
  }
  AddVersions(view, scene);
  view.Set("told", told)
      .Set("m_href", scene.address())
      .Set("m_version", std::to_string(scene.version()))
      .Set("call_title", scene.call.title)
      .Set("read_at", scene.descriptor ? workflows::FrenchInstant(scene.descriptor->at) : "")
      .Set("demarche", scene.call.demarche == 0 ? "" : std::to_string(scene.call.demarche))
      .Set("pending", pending == 0 ? ""
                                   : Plural(pending, "champ demande votre attention",
                                            "champs demandent votre attention"));
  const std::string title = "Correspondance des champs";
  return Page(visit, status, "mapping", told.empty() ? title : "Erreur : " + title, std::move(view),
              scene.call.title);
}

// Only while nobody else saved: looked at again in the very transaction that writes.
bool Save(Visit& visit, const MappingScene& scene, const nlohmann::json& mapping, int expected) {
  return visit.services.database.Write([&](storage::Session& session) {
    const auto newest = storage::NewestMapping(session, scene.call.id);
    if ((newest ? newest->version : 0) != expected) return false;
    storage::InsertMapping(session,
                           {scene.call.id, 0, mapping, visit.visitor->person.id, visit.now});
    return true;
  });
}

int NumberIn(const std::string& text) {
  const bool digits =
      !text.empty() && text.size() < 8 && text.find_first_not_of("0123456789") == std::string::npos;
  return digits ? std::stoi(text) : -1;
}

std::string SavedMeanwhile(const MappingScene& scene) {
  if (scene.versions.empty()) return "La correspondance a changé entre-temps.";
  const auto& newest = scene.versions.front();
  const auto name = scene.names.find(newest.person);
  return (name == scene.names.end() ? "Quelqu’un" : name->second) +
         " a enregistré une autre version le " + workflows::FrenchInstant(newest.at) +
         ". Votre saisie est conservée ci-dessous : relisez-la, puis enregistrez de nouveau pour "
         "la garder.";
}

}  // namespace

Response MappingPage(Visit& visit) {
  const MappingScene scene = ReadScene(visit);
  return ShowMapping(visit, scene, RowsOf(scene), 200, "");
}

Response SaveMappingAct(Visit& visit) {
  MappingScene scene = ReadScene(visit);
  auto rows = RowsOf(scene);
  TakeChoices(rows, visit.request);
  std::string trouble;
  const auto made = MappingFrom(rows, scene.mapping, *scene.form, trouble);
  if (!made) return ShowMapping(visit, scene, rows, 422, trouble);
  const int expected = NumberIn(visit.request.Field("version"));
  if (!Save(visit, scene, *made, expected)) {
    scene = ReadScene(visit);
    return ShowMapping(visit, scene, rows, 409, SavedMeanwhile(scene));
  }
  return SeeOther(scene.address());
}

Response RestoreMapping(Visit& visit) {
  const MappingScene scene = ReadScene(visit);
  const int wanted = NumberIn(visit.Parameter("version"));
  nlohmann::json mapping;  // null: the file of the rails
  bool found = wanted == 0;
  for (const auto& one : scene.versions) {
    if (one.version != wanted) continue;
    mapping = one.mapping;
    found = true;
  }
  if (!found) throw HttpError(404, "Cette version n’existe pas.");
  const auto read = connectors::ReadMapping(
      mapping.is_null() ? visit.services.catalog.KitOf(scene.call.definition).mapping : mapping,
      "Correspondance", scene.form);
  if (!read) {
    return ShowMapping(visit, scene, RowsOf(scene), 422,
                       "Cette version ne va plus avec le formulaire. " + read.refusal().sentence);
  }
  if (!Save(visit, scene, mapping, scene.version())) {
    return ShowMapping(visit, ReadScene(visit), RowsOf(scene), 409, SavedMeanwhile(scene));
  }
  return SeeOther(scene.address());
}

}  // namespace aiguillage::web
