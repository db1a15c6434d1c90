#include "connectors/demarches_simplifiees/demarche.h"

#include <algorithm>
#include <utility>

#include "connectors/demarches_simplifiees/call_mapping.h"
#include "connectors/demarches_simplifiees/mapping.h"
#include "storage/calls.h"
#include "storage/exchange.h"
#include "workflows/collections.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;

std::vector<std::string> Words(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text + " ") {
    if (c != ' ' && c != ',' && c != ';') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, ""));
    }
  }
  return words;
}

Demarche From(const json& data) {
  Demarche demarche;
  demarche.number =
      PartOf(data, "number").is_number_integer() ? PartOf(data, "number").get<std::int64_t>() : 0;
  demarche.title = TextAt(data, "title");
  demarche.opens = TextAt(data, "datePublication").substr(0, 10);
  demarche.closes = TextAt(data, "dateFermeture").substr(0, 10);
  demarche.revision = PartOf(data, "activeRevision");
  for (const json& group : PartOf(data, "groupeInstructeurs")) {
    if (!PartOf(group, "number").is_number_integer()) continue;
    const auto number = group["number"].get<std::int64_t>();
    demarche.group_ids[number] = TextAt(group, "id");
    demarche.group_labels[std::to_string(number)] = TextAt(group, "label");
    for (const json& person : PartOf(group, "instructeurs")) {
      demarche.groups[number].push_back({TextAt(person, "id"), TextAt(person, "email")});
    }
  }
  for (const json& label : PartOf(data, "labels")) {
    demarche.labels[TextAt(label, "name")] = TextAt(label, "id");
  }
  return demarche;
}

void KeepDescriptor(SyncContext& context, const Demarche& demarche) {
  if (!demarche.revision.is_object()) return;
  const auto known = context.database.Read([&](storage::Session& session) {
    return storage::FindDescriptor(session, context.options.demarche);
  });
  if (known && known->revision == demarche.revision) return;
  context.database.Write([&](storage::Session& session) {
    storage::SaveDescriptor(session,
                            {context.options.demarche, demarche.revision, context.world.now()});
  });
}

}  // namespace

std::string Demarche::InstructeurFor(std::int64_t group, const std::string& wanted) const {
  const auto people = groups.find(group);
  if (people == groups.end()) return "";
  for (const std::string& word : Words(wanted)) {
    for (const Instructeur& person : people->second) {
      if (person.id == word || person.email == word) return person.id;
    }
  }
  return "";
}

DemarcheAnswer ReadDemarche(Client& client, std::int64_t number) {
  DemarcheAnswer result;
  result.answer = client.AskPatiently(Operation::kDemarcheDescriptor, {{"number", number}});
  if (result.answer.failure == DsFailure::kNotFound) {
    result.answer.sentence = "La démarche " + std::to_string(number) +
                             " n’existe pas dans Démarches Simplifiées : vérifiez ds.demarche.";
  }
  if (result.answer.Ok()) result.demarche = From(PartOf(result.answer.data, "demarche"));
  return result;
}

storage::Call CallOf(SyncContext& context, const Demarche& demarche) {
  KeepDescriptor(context, demarche);
  const auto known = context.database.Read(
      [&](storage::Session& session) { return CallTaking(session, context.options.demarche); });
  if (known) return *known;
  storage::Call call;
  call.definition = context.options.definition;
  call.id = call.definition + "-" + std::to_string(context.options.demarche);
  call.title = demarche.title;
  call.demarche = context.options.demarche;
  call.opens = demarche.opens;
  call.closes = demarche.closes;
  call.status = "published";
  context.database.Write([&](storage::Session& session) {
    storage::SaveCall(session, call);
    workflows::TakeCollections(session, context.catalog.KitOf(call.definition).collections);
  });
  return call;
}

}  // namespace aiguillage::connectors
