// `aiguillage access`: the whole table of rights, for whoever must approve it. Read from the code
// and the rails; the record is not opened.
#include <CLI/CLI.hpp>
#include <sstream>

#include "web/cli/command_line.h"
#include "web/rights.h"
#include "web/router.h"
#include "workflows/roles.h"

namespace aiguillage::web {
namespace {

using nlohmann::json;

const char* WordOf(Reach reach) {
  switch (reach) {
    case Reach::kAnywhere:
      return "anywhere";
    case Reach::kCall:
      return "call";
    case Reach::kEverywhere:
      return "everywhere";
  }
  return "";
}

json DescribeRoute(const Route& route) {
  const RuleRow& row = RowOf(route.rule());
  return {{"method", route.IsPost() ? "POST" : "GET"},
          {"pattern", route.pattern()},
          {"rule", row.id},
          {"who", row.who},
          {"object", NameOf(ObjectOf(route.pattern()))}};
}

json DescribeRule(const RuleRow& row) {
  return {{"rule", row.id},
          {"who", row.who},
          {"account", row.account},
          {"roles", row.roles},
          {"reach", WordOf(row.reach)}};
}

// Which roles see which field, role by role.
json DescribeFields() {
  json list = json::array();
  for (const FieldRow& row : FieldTable()) {
    json by_role = json::object();
    for (const auto& role : workflows::Roles()) {
      by_role[role.id] = Shows(row.field, {{role.id, "", 0}});
    }
    list.push_back({{"field", row.id}, {"meaning", row.meaning}, {"roles", by_role}});
  }
  return list;
}

// What the rails let people do, by whom: the desk asks nothing else.
json DescribeActions(const workflows::Catalog& catalog) {
  json list = json::array();
  for (const auto& name : catalog.Names()) {
    const auto definition = catalog.Newest(name);
    for (const auto& transition : definition->chart.transitions) {
      const std::string& label = engine::Attribute(transition, "label");
      if (label.empty() || transition.events.empty()) continue;
      const auto& state = definition->chart.states[static_cast<std::size_t>(transition.source)];
      list.push_back({{"definition", name},
                      {"state", state.id},
                      {"action", transition.events.front()},
                      {"label", label},
                      {"roles", SplitWords(engine::Attribute(transition, "by"))}});
    }
  }
  return list;
}

std::string InWords(const json& table) {
  std::ostringstream words;
  for (const auto& one : table["routes"]) {
    words << one["method"].get<std::string>() << ' ' << one["pattern"].get<std::string>() << " : "
          << one["who"].get<std::string>() << '\n';
  }
  for (const auto& one : table["fields"]) {
    std::vector<std::string> roles;
    for (const auto& [role, shown] : one["roles"].items()) {
      if (shown.get<bool>()) roles.push_back(role);
    }
    words << one["meaning"].get<std::string>() << " : " << workflows::RoleLabels(roles) << '\n';
  }
  for (const auto& one : table["actions"]) {
    words << one["definition"].get<std::string>() << ", " << one["state"].get<std::string>() << ", "
          << one["label"].get<std::string>() << " : "
          << workflows::RoleLabels(one["roles"].get<std::vector<std::string>>()) << '\n';
  }
  return words.str();
}

int PrintAccess(Invocation& invocation) {
  const auto catalog = OrRefuse(workflows::Catalog::Load(RailsDir(invocation.config)));
  json routes = json::array(), rules = json::array(), roles = json::array();
  for (const Route& route : Routes()) routes.push_back(DescribeRoute(route));
  for (const RuleRow& row : RuleTable()) rules.push_back(DescribeRule(row));
  for (const auto& role : workflows::Roles()) {
    roles.push_back({{"role", role.id}, {"label", role.label}, {"like", role.like}});
  }
  const json table = {{"routes", routes},
                      {"rules", rules},
                      {"roles", roles},
                      {"fields", DescribeFields()},
                      {"actions", DescribeActions(*catalog)}};
  invocation.Answer(table, InWords(table));
  return kDone;
}

}  // namespace

void AddAccessVerbs(CLI::App& app, Invocation& invocation) {
  auto* command = app.add_subcommand("access", "qui entre où, lit quoi, fait quoi");
  command->fallthrough();
  command->callback(
      [&invocation] { invocation.verb = [&invocation] { return PrintAccess(invocation); }; });
}

}  // namespace aiguillage::web
