#include "engine/snapshot.h"

#include <algorithm>
#include <stdexcept>

namespace aiguillage::engine {

using nlohmann::json;

namespace {

using Reader = std::function<std::shared_ptr<const Chart>(const std::string&)>;

json IdsOf(const Vocabulary& names, const std::vector<std::uint16_t>& states) {
  json ids = json::array();
  for (std::uint16_t state : states) ids.push_back(names.states[state]);
  return ids;
}

std::uint16_t IndexIn(const std::unordered_map<std::string, int>& indices,
                      const std::string& name) {
  const auto found = indices.find(name);
  if (found == indices.end()) {
    throw std::invalid_argument("Expected a name of this chart, but got " + name);
  }
  return static_cast<std::uint16_t>(found->second);
}

std::vector<std::uint16_t> StatesFrom(const Vocabulary& names, const json& ids) {
  std::vector<std::uint16_t> states;
  for (const json& id : ids) states.push_back(IndexIn(names.state_of, id.get<std::string>()));
  return states;
}

json ToJson(const QueuedEvent& event) {
  json out = {{"name", event.name}, {"data", event.data.ToJson()}};
  const auto put = [&](const char* key, const std::string& text) {
    if (!text.empty()) out[key] = text;
  };
  put("origin", event.origin);
  put("send_id", event.send_id);
  put("invoke_id", event.invoke_id);
  put("origin_type", event.origin_type);
  put("raw", event.raw);
  return out;
}

QueuedEvent EventFrom(const json& from) {
  return {.name = from.at("name").get<std::string>(),
          .data = Value::FromJson(from.at("data")),
          .origin = from.value("origin", ""),
          .send_id = from.value("send_id", ""),
          .invoke_id = from.value("invoke_id", ""),
          .origin_type = from.value("origin_type", ""),
          .raw = from.value("raw", "")};
}

json ToJson(const Vocabulary& names, const Child& child) {
  json out = {{"invoke_id", child.invoke_id},
              {"state", names.states[static_cast<std::size_t>(child.state)]},
              {"invoke", child.invoke}};
  if (child.snapshot) out["snapshot"] = child.snapshot->ToJson();
  if (!child.text.empty()) out["text"] = child.text;
  return out;
}

Child ChildFrom(const Chart& chart, const json& from, const Reader& read) {
  Child child;
  child.invoke_id = from.at("invoke_id").get<std::string>();
  child.state = IndexIn(chart.names->state_of, from.at("state").get<std::string>());
  child.invoke = static_cast<int>(from.at("invoke").get_ref<const json::number_integer_t&>());
  child.text = from.value("text", "");
  const auto& invokes = chart.states[static_cast<std::size_t>(child.state)].invokes;
  if (child.invoke < 0 || static_cast<std::size_t>(child.invoke) >= invokes.size()) {
    throw std::invalid_argument("Expected an <invoke> of its state, but there is none");
  }
  if (!from.contains("snapshot")) return child;
  child.chart = child.text.empty() ? invokes[static_cast<std::size_t>(child.invoke)].chart
                : read             ? read(child.text)
                                   : nullptr;
  if (!child.chart) throw std::invalid_argument("Expected the document of an invoked session");
  child.snapshot =
      std::make_shared<const Snapshot>(Snapshot::FromJson(*child.chart, from.at("snapshot"), read));
  return child;
}

// One atomic state per region, each with all its ancestors.
void CheckConfiguration(const Chart& chart, const std::vector<std::uint16_t>& configuration) {
  const auto active = [&](int state) {
    return state == 0 || std::binary_search(configuration.begin(), configuration.end(),
                                            static_cast<std::uint16_t>(state));
  };
  const auto check = [&](const StateNode& state) {
    int children = 0, real = 0;
    for (int child : state.children) {
      if (IsHistory(chart.states[static_cast<std::size_t>(child)])) continue;
      ++real;
      children += active(child);
    }
    const bool parallel = state.kind == StateKind::kParallel;
    if (real > 0 && children != (parallel ? real : 1)) {
      throw std::invalid_argument("Expected a legal configuration, but " + state.id + " has " +
                                  std::to_string(children) + " active children");
    }
  };
  if (!std::is_sorted(configuration.begin(), configuration.end())) {
    throw std::invalid_argument("Expected states in document order");
  }
  check(chart.states[0]);
  for (std::uint16_t state : configuration) {
    const StateNode& node = chart.states[state];
    if (state == 0 || IsHistory(node) || !active(node.parent)) {
      throw std::invalid_argument("Expected a legal configuration, but " + node.id + " is alone");
    }
    check(node);
  }
}

Snapshot Read(const Chart& chart, const json& from, const Reader& read) {
  const Vocabulary& names = *chart.names;
  Snapshot made;
  made.names = chart.names;
  made.session_id = from.at("session").get<std::string>();
  made.configuration = StatesFrom(names, from.at("states"));
  made.running = from.value("running", true);
  made.finished = from.value("finished", false);
  // get_ref refuses a fraction, which get would convert, beyond its range too
  made.next_id =
      static_cast<std::uint32_t>(from.at("next_id").get_ref<const json::number_integer_t&>());
  made.variables.resize(names.variables.size());
  std::vector<bool> declared(names.variables.size());
  for (const auto& [name, value] : from.at("data").items()) {
    const std::uint16_t variable = IndexIn(names.variable_of, name);
    made.variables[variable] = Value::FromJson(value);
    declared[variable] = true;
  }
  for (std::size_t i = 0; i < declared.size(); ++i) {
    if (!declared[i]) made.undeclared.push_back(static_cast<std::uint16_t>(i));
  }
  if (from.contains("history")) {
    for (const json& pair : from.at("history")) {
      made.history.emplace_back(IndexIn(names.state_of, pair.at(0).get<std::string>()),
                                StatesFrom(names, pair.at(1)));
    }
  }
  if (from.contains("bound")) made.bound = StatesFrom(names, from.at("bound"));
  if (from.contains("queue")) {
    for (const json& event : from.at("queue")) made.queue.push_back(EventFrom(event));
  }
  if (from.contains("children")) {
    for (const json& child : from.at("children")) {
      made.children.push_back(ChildFrom(chart, child, read));
    }
  }
  if (made.running || made.finished) CheckConfiguration(chart, made.configuration);
  return made;
}

bool SameChildren(const std::vector<Child>& a, const std::vector<Child>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Child& x, const Child& y) {
    return x.invoke_id == y.invoke_id && x.state == y.state && x.invoke == y.invoke &&
           x.text == y.text && !x.snapshot == !y.snapshot &&
           (!x.snapshot || *x.snapshot == *y.snapshot);
  });
}

}  // namespace

std::vector<std::string> Snapshot::ActiveStates() const {
  std::vector<std::string> ids;
  ids.reserve(configuration.size());
  for (std::uint16_t state : configuration) ids.push_back(names->states[state]);
  return ids;
}

bool Snapshot::IsActive(std::string_view id) const {
  return std::any_of(configuration.begin(), configuration.end(),
                     [&](std::uint16_t state) { return names->states[state] == id; });
}

bool Snapshot::HasData(const std::string& name) const {
  const auto found = names->variable_of.find(name);
  return found != names->variable_of.end() &&
         std::find(undeclared.begin(), undeclared.end(), found->second) == undeclared.end();
}

json Snapshot::Data(const std::string& name) const {
  const auto found = names->variable_of.find(name);
  if (found == names->variable_of.end()) return nullptr;
  return variables[static_cast<std::size_t>(found->second)].Plain();
}

bool Snapshot::QueuesEmpty() const {
  return queue.empty() && std::all_of(children.begin(), children.end(), [](const Child& child) {
           return !child.snapshot || child.snapshot->QueuesEmpty();
         });
}

json Snapshot::ToJson() const {
  json data = json::object();
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const bool missing = std::find(undeclared.begin(), undeclared.end(), i) != undeclared.end();
    if (!missing) data[names->variables[i]] = variables[i].ToJson();
  }
  json out = {{"session", session_id},
              {"states", IdsOf(*names, configuration)},
              {"data", std::move(data)},
              {"next_id", next_id}};
  if (!running) out["running"] = false;
  if (finished) out["finished"] = true;
  for (const auto& [state, value] : history) {
    out["history"].push_back(json::array({names->states[state], IdsOf(*names, value)}));
  }
  if (!bound.empty()) out["bound"] = IdsOf(*names, bound);
  for (const QueuedEvent& event : queue) out["queue"].push_back(engine::ToJson(event));
  for (const Child& child : children) out["children"].push_back(engine::ToJson(*names, child));
  return out;
}

Snapshot Snapshot::FromJson(const Chart& chart, const json& from, const Reader& read) {
  try {
    return Read(chart, from, read);
  } catch (const json::exception& error) {
    throw std::invalid_argument(std::string("Expected a snapshot, but ") + error.what());
  }
}

bool operator==(const Snapshot& a, const Snapshot& b) {
  return a.session_id == b.session_id && a.configuration == b.configuration &&
         a.variables == b.variables && a.history == b.history && a.undeclared == b.undeclared &&
         a.bound == b.bound && a.queue == b.queue && a.next_id == b.next_id &&
         a.running == b.running && a.finished == b.finished && SameChildren(a.children, b.children);
}

}  // namespace aiguillage::engine
