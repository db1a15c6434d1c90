#include "connectors/demarches_simplifiees/mapping.h"

#include <algorithm>
#include <optional>

#include "connectors/demarches_simplifiees/conversions.h"

namespace aiguillage::connectors {
namespace {

using engine::Outcome;
using engine::Refusal;
using nlohmann::json;

// The reader stops at the first fault; thrown inside this file only.
struct Fault {
  std::string sentence;
};

std::string Wanted(const json& object, const char* member, const std::string& where) {
  const std::string text = TextAt(object, member);
  if (text.empty()) throw Fault{where + " : « " + member + " » attendu, un texte non vide."};
  return text;
}

const json& List(const json& object, const char* member, const std::string& where) {
  static const json kEmpty = json::array();
  if (!object.contains(member)) return kEmpty;
  if (!object[member].is_array()) throw Fault{where + " : une liste attendue."};
  return object[member];
}

Choices ReadChoices(const json& file, const std::string& name, const std::string& where) {
  if (!file.contains("choices") || !file["choices"].contains(name) ||
      !file["choices"][name].is_object()) {
    throw Fault{where + " : la liste de choix « " + name + " » n’existe pas sous « choices »."};
  }
  Choices choices;
  for (const auto& [word, slug] : file["choices"][name].items()) {
    if (!slug.is_string()) throw Fault{where + " : « " + word + " » devrait donner un texte."};
    choices[word] = slug.get<std::string>();
  }
  return choices;
}

bool Flag(const json& object, const char* member, const std::string& where) {
  if (!object.contains(member)) return false;
  if (!object[member].is_boolean()) {
    throw Fault{where + " : « " + member + " » vaut true ou false."};
  }
  return object[member].get<bool>();
}

FieldRule ReadField(const json& entry, const json& file, const std::string& where, bool in_row) {
  if (!entry.is_object()) throw Fault{where + " : un objet attendu."};
  FieldRule rule;
  rule.champ = Wanted(entry, "champ", where);
  rule.label = Wanted(entry, "label", where);
  rule.to = Wanted(entry, "to", where);
  rule.type = Wanted(entry, "type", where);
  rule.required = Flag(entry, "required", where);
  rule.free = Flag(entry, "free", where);
  if (!IsConversion(rule.type) && (in_row || (rule.type != "files" && rule.type != "rows"))) {
    throw Fault{where + " : type « " + rule.type + " » inconnu."};
  }
  if (entry.contains("choices")) {
    rule.choices = ReadChoices(file, Wanted(entry, "choices", where), where);
  }
  std::size_t n = 0;
  for (const json& child : List(entry, "rows", where + ".rows")) {
    rule.rows.push_back(ReadField(child, file, where + ".rows[" + std::to_string(n++) + "]", true));
  }
  if (rule.type == "rows" && rule.rows.empty()) throw Fault{where + " : « rows » attendu."};
  return rule;
}

void CheckFields(const Mapping& mapping, const forms::Form* form) {
  std::set<std::string> champs, targets;
  for (const FieldRule& rule : mapping.fields) {
    const std::string where = mapping.file + " : champ « " + rule.label + " »";
    if (!champs.insert(rule.champ).second) throw Fault{where + " : ce champ est déjà repris."};
    if (!targets.insert(rule.to).second) {
      throw Fault{where + " : « " + rule.to + " » reçoit déjà un autre champ."};
    }
    if (form == nullptr) continue;
    const auto found = std::find_if(form->fields.begin(), form->fields.end(),
                                    [&](const forms::Field& f) { return f.name == rule.to; });
    if (found == form->fields.end()) {
      throw Fault{where + " : le formulaire « " + form->id + " » n’a pas de champ « " + rule.to +
                  " »."};
    }
    if ((rule.type == "rows") != (found->kind == forms::Kind::kRows)) {
      throw Fault{where + " : « " + rule.to + " » n’est pas de cette forme dans le formulaire."};
    }
  }
  if (!targets.contains("title")) throw Fault{mapping.file + " : aucun champ ne donne « title »."};
}

HolderRule ReadHolder(const json& file, const std::string& where) {
  HolderRule rule;
  if (!file.contains("holder")) return rule;
  const json& holder = file["holder"];
  if (!holder.is_object()) throw Fault{where + " : un objet attendu."};
  rule.name = TextAt(holder, "name");
  rule.siret = TextAt(holder, "siret");
  rule.administration = TextAt(holder, "administration");
  for (const json& field : List(holder, "co_holders", where + ".co_holders")) {
    if (!field.is_string()) throw Fault{where + ".co_holders : des noms de champs attendus."};
    rule.co_holders.push_back(field.get<std::string>());
  }
  return rule;
}

AnnotationRule ReadAnnotation(const json& entry, const json& file, const std::string& where) {
  AnnotationRule rule{Wanted(entry, "champ", where),
                      Wanted(entry, "label", where),
                      Wanted(entry, "from", where),
                      {}};
  const std::set<std::string> known = {"number", "state", "link", "summary"};
  const auto dot = rule.from.find('.');
  if (!known.contains(rule.from) && (dot == 0 || dot == rule.from.npos)) {
    throw Fault{where + " : « from » vaut number, state, link, summary ou FORMULAIRE.CHAMP."};
  }
  if (entry.contains("choices")) {
    rule.choices = ReadChoices(file, Wanted(entry, "choices", where), where);
  }
  return rule;
}

// What the dossier wears in DS beside its annotations: both keys are optional.
void ReadPlaces(const json& file, const std::string& name, Mapping& mapping) {
  for (const char* key : {"labels", "groups"}) {
    if (file.contains(key) && !file[key].is_object()) {
      throw Fault{name + " : « " + key + " » : un objet attendu."};
    }
  }
  for (const auto& [state, label] : PartOf(file, "labels").items()) {
    mapping.labels[state] = Wanted(file["labels"], state.c_str(), name + " : labels");
  }
  for (const auto& [collection, group] : PartOf(file, "groups").items()) {
    if (!group.is_number_integer()) {
      throw Fault{name + " : groups : « " + collection + " » attend un numéro de groupe."};
    }
    mapping.groups[collection] = group.get<std::int64_t>();
  }
}

Mapping Read(const json& file, const std::string& name, const forms::Form* form) {
  if (!file.is_object()) throw Fault{name + " : un objet JSON attendu."};
  Mapping mapping;
  mapping.file = name;
  std::size_t n = 0;
  for (const json& entry : List(file, "fields", name + " : fields")) {
    const std::string where = name + " : fields[" + std::to_string(n++) + "]";
    mapping.fields.push_back(ReadField(entry, file, where, false));
  }
  n = 0;
  for (const json& entry : List(file, "annotations", name + " : annotations")) {
    const std::string where = name + " : annotations[" + std::to_string(n++) + "]";
    mapping.annotations.push_back(ReadAnnotation(entry, file, where));
  }
  for (const json& entry : List(file, "ignored", name + " : ignored")) {
    mapping.ignored.insert(Wanted(entry, "champ", name + " : ignored"));
  }
  ReadPlaces(file, name, mapping);
  mapping.holder = ReadHolder(file, name + " : holder");
  if (file.contains("deleted_event")) {
    mapping.deleted_event = Wanted(file, "deleted_event", name);
  }
  if (form != nullptr) {
    for (const forms::Field& field : form->fields) mapping.form_fields.insert(field.name);
  }
  CheckFields(mapping, form);
  return mapping;
}

}  // namespace

std::string TextAt(const json& object, const char* member) {
  if (!object.is_object()) return "";
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

const json& PartOf(const json& object, const char* member) {
  static const json kNull;
  if (!object.is_object()) return kNull;
  const auto found = object.find(member);
  return found == object.end() ? kNull : *found;
}

Outcome<Mapping> ReadMapping(const json& file, const std::string& name, const forms::Form* form) {
  try {
    return Read(file, name, form);
  } catch (const Fault& fault) {
    return Refusal{"bad_mapping", fault.sentence, {}};
  }
}

}  // namespace aiguillage::connectors
