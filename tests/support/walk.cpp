#include "tests/support/walk.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "engine/actions.h"
#include "engine/interpreter.h"
#include "tests/support/shipped_rails.h"

namespace aiguillage::workflows {
namespace {

using engine::Attribute;

struct Told {  // act EVENT by ROLE[:NAME] {json}
  std::string event, role, origin;
  nlohmann::json data = nlohmann::json::object();
};

Told ReadAct(const std::string& line) {
  std::istringstream in(line);
  std::string act, by, who;
  Told told;
  in >> act >> told.event >> by >> who;
  if (act != "act" || by != "by" || who.empty()) throw std::runtime_error("not an act: " + line);
  const std::size_t colon = who.find(':');
  told.role = who.substr(0, colon);
  told.origin = told.role == "system"        ? ""
                : colon == std::string::npos ? who
                                             : who.substr(colon + 1);
  std::string rest;
  std::getline(in, rest);
  if (rest.find('{') != std::string::npos) told.data = nlohmann::json::parse(rest);
  return told;
}

std::string Line(const std::string& title, const std::vector<std::string>& words,
                 const std::string& between = " ") {
  std::string line;
  for (const auto& word : words) line += (line.empty() ? "" : between) + word;
  return words.empty() ? "" : "  " + title + ": " + line + "\n";
}

class Walker {
 public:
  explicit Walker(const engine::Chart& chart) : chart_(chart) {
    Keep(engine::Start(chart, Input()));
  }

  std::string Act(const Told& told) {
    if (told.role != "system") {
      const std::string refused = RefusalOf(told);
      if (!refused.empty()) return "  refused: " + refused + "\n";
    }
    engine::Event event;
    event.name = told.event;
    event.data = told.data;
    event.origin = told.origin;
    const auto step = engine::Step(chart_, snapshot_, event, Input());
    if (!step.taken) return "  ignored\n";
    Keep(step);
    return Answer(step);
  }

  WalkResult result;

 private:
  static engine::StepInput Input() {
    engine::StepInput input;
    input.session_id = "walk";
    return input;
  }

  void Keep(const engine::StepResult& step) {
    snapshot_ = step.snapshot;
    result.lines.insert(step.transition_lines.begin(), step.transition_lines.end());
    result.incidents.insert(result.incidents.end(), step.incidents.begin(), step.incidents.end());
    for (const auto& effect : step.effects)
      if (const auto* custom = std::get_if<engine::CustomEffect>(&effect))
        result.effects.push_back(*custom);
  }

  std::string RefusalOf(const Told& told) const {
    for (const auto& action : engine::Actions(chart_, snapshot_)) {
      if (action.id != told.event) continue;
      if (action.locked) return action.reason;
      const bool theirs =
          std::find(action.roles.begin(), action.roles.end(), told.role) != action.roles.end();
      return theirs ? "" : "not for " + told.role;
    }
    return "not offered here";
  }

  std::string Answer(const engine::StepResult& step) const {
    std::vector<std::string> mails, ds, deadlines, grants, sets;
    for (const auto& effect : step.effects) {
      const auto* custom = std::get_if<engine::CustomEffect>(&effect);
      if (custom == nullptr) continue;
      const auto word = [&](const std::string& name) {
        const auto found = custom->attributes.find(name);
        return found == custom->attributes.end() ? std::string() : found->second;
      };
      if (custom->name == "mail")
        mails.push_back(MailWord(word("template"), word("to"), word("copy")));
      if (custom->name == "ds") ds.push_back(word("effect"));
      if (custom->name == "deadline") deadlines.push_back(word("event") + " in " + word("in"));
      if (custom->name == "grant")
        grants.push_back(word("role") + " " + custom->values.at("people").dump());
      if (custom->name == "set")
        sets.push_back(word("field") + " " + custom->values.at("value").dump());
    }
    return Line("states", snapshot_.ActiveStates()) + Line("tasks", Tasks()) +
           Line("mails", mails) + Line("ds", ds) + Line("deadlines", deadlines, "; ") +
           Line("grants", grants, "; ") + Line("sets", sets, "; ");
  }

  static std::string MailWord(const std::string& id, std::string to, std::string copy) {
    std::replace(to.begin(), to.end(), ' ', ',');
    std::replace(copy.begin(), copy.end(), ' ', ',');
    return id + ">" + to + (copy.empty() ? "" : "+" + copy);
  }

  // For each role whose turn it is, the first open action it has there.
  std::vector<std::string> Tasks() const {
    std::vector<std::string> tasks;
    const auto actions = engine::Actions(chart_, snapshot_);
    for (const auto& id : snapshot_.ActiveStates()) {
      for (const auto& role : WordsOf(Attribute(*engine::FindState(chart_, id), "turn"))) {
        const auto task =
            std::find_if(actions.begin(), actions.end(), [&](const engine::Action& a) {
              return a.state == id && !a.locked && IsTask(a) &&
                     std::find(a.roles.begin(), a.roles.end(), role) != a.roles.end();
            });
        if (task != actions.end()) tasks.push_back(role + ">" + task->id);
      }
    }
    return tasks;
  }

  // The transition the action got its label from may say aap:task="no".
  bool IsTask(const engine::Action& action) const {
    const auto* state = engine::FindState(chart_, action.state);
    for (const int index : state->transitions) {
      const auto& transition = chart_.transitions[static_cast<std::size_t>(index)];
      if (Attribute(transition, "label") == action.label &&
          std::find(transition.events.begin(), transition.events.end(), action.id) !=
              transition.events.end())
        return Attribute(transition, "task") != "no";
    }
    return true;
  }

  const engine::Chart& chart_;
  engine::Snapshot snapshot_;
};

}  // namespace

WalkResult RunWalk(const std::string& text) {
  std::istringstream in(text);
  std::shared_ptr<const engine::Chart> chart;
  std::unique_ptr<Walker> walker;
  std::string rails, transcript;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("  ")) continue;  // the answer expected: compared by the caller
    transcript += line + "\n";
    if (line.starts_with("rails ")) {
      rails = line.substr(6);
      chart = ReadRails(rails);
      if (chart == nullptr) throw std::runtime_error("rails that cannot be read: " + rails);
      walker = std::make_unique<Walker>(*chart);
    } else if (line.starts_with("act ")) {
      if (walker == nullptr) throw std::runtime_error("an act before « rails … »");
      transcript += walker->Act(ReadAct(line));
    } else if (!line.empty() && !line.starts_with("#")) {
      throw std::runtime_error("neither an act nor a comment: " + line);
    }
  }
  if (walker == nullptr) throw std::runtime_error("a walk without « rails … »");
  WalkResult result = std::move(walker->result);
  result.rails = rails;
  result.transcript = transcript;
  return result;
}

}  // namespace aiguillage::workflows
