#include "storage/calls.h"

#include <CLI/CLI.hpp>
#include <sstream>

#include "web/cli/command_line.h"

namespace aiguillage::web {
namespace {

nlohmann::json Describe(const storage::Call& call) {
  return {{"id", call.id},
          {"title", call.title},
          {"definition", call.definition},
          {"demarche", call.demarche},
          {"opens", call.opens},
          {"closes", call.closes},
          {"status", call.status}};
}

int AddCall(Invocation& invocation, storage::Call call) {
  Workplace& workplace = invocation.Open();
  const auto definition = workplace.catalog().Newest(call.definition);
  if (!definition) {
    std::string known;
    for (const auto& name : workplace.catalog().Names()) known += " " + name;
    return invocation.Refuse({"unknown_definition",
                              "Définition inconnue « " + call.definition +
                                  " » dans workflows.dir ; connues :" + known + ".",
                              {}});
  }
  if (call.title.empty()) call.title = definition->title;
  call.status = "published";
  const bool known = workplace.database().Write([&](storage::Session& s) {
    if (storage::FindCall(s, call.id)) return true;
    storage::SaveCall(s, call);
    return false;
  });
  if (known) {
    return invocation.Refuse(
        {"known_call", "Un appel porte déjà l’identifiant « " + call.id + " ».", {}});
  }
  invocation.Answer(Describe(call), "Appel " + call.id + " ouvert sur " + call.definition + ".");
  return kDone;
}

int ListCalls(Invocation& invocation) {
  const auto calls =
      invocation.Open().database().Read([](storage::Session& s) { return storage::Calls(s); });
  nlohmann::json list = nlohmann::json::array();
  std::ostringstream words;
  for (const auto& call : calls) {
    list.push_back(Describe(call));
    words << call.id << "  " << call.definition << "  " << call.status << "  " << call.title
          << '\n';
  }
  invocation.Answer(list, words.str());
  return kDone;
}

}  // namespace

void AddCallVerbs(CLI::App& app, Invocation& invocation) {
  auto* family = app.add_subcommand("call", "les appels à projets");
  family->require_subcommand(1)->fallthrough();
  auto call = std::make_shared<storage::Call>();
  auto* add = family->add_subcommand("add", "ouvre un appel sur une définition");
  add->fallthrough();
  add->add_option("--id", call->id, "identifiant court, par exemple mentor-2026")->required();
  add->add_option("--definition", call->definition, "nom des rails, par exemple mentor")
      ->required();
  add->add_option("--title", call->title, "titre affiché");
  add->add_option("--demarche", call->demarche, "numéro de la démarche DS");
  add->add_option("--opens", call->opens, "date d’ouverture AAAA-MM-JJ");
  add->add_option("--closes", call->closes, "date de clôture AAAA-MM-JJ");
  add->callback([&invocation, call] {
    invocation.verb = [&invocation, call] { return AddCall(invocation, *call); };
  });
  auto* list = family->add_subcommand("list", "tous les appels");
  list->fallthrough();
  list->callback(
      [&invocation] { invocation.verb = [&invocation] { return ListCalls(invocation); }; });
}

}  // namespace aiguillage::web
