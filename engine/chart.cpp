#include "engine/chart.h"

#include <algorithm>

#include "engine/evaluator/ast.h"

namespace aiguillage::engine {

namespace {

std::size_t Index(int i) { return static_cast<std::size_t>(i); }

const std::string& AttributeIn(const Attributes& attributes, const std::string& name) {
  static const std::string none;
  const auto found = attributes.find(name);
  return found == attributes.end() ? none : found->second;
}

void Measure(Chart& chart) {
  for (StateNode& state : chart.states) {
    state.size = 1;
    state.depth = state.parent < 0 ? 0 : chart.states[Index(state.parent)].depth + 1;
  }
  for (std::size_t i = chart.states.size(); i-- > 1;) {
    chart.states[Index(chart.states[i].parent)].size += chart.states[i].size;
  }
}

// What the algorithm relies on and a document may get wrong.
std::string Misplaced(const Chart& chart, const StateNode& state) {
  const bool leaf = state.kind == StateKind::kFinal || IsHistory(state);
  if (leaf && !state.children.empty()) return "« " + state.id + " » ne peut contenir d’états.";
  if (state.kind == StateKind::kParallel && state.initial >= 0) {
    return "« " + state.id + " » est parallèle : il n’a pas d’état initial.";
  }
  if (state.initial < 0) return "";
  for (int target : chart.transitions[Index(state.initial)].targets) {
    if (!IsDescendant(chart, target, state.index)) {
      return "l’état initial de « " + state.id + " » doit être l’un de ses descendants.";
    }
  }
  return "";
}

// Least common compound ancestor of the source and all the targets (Appendix D, findLCCA).
int CommonAncestor(const Chart& chart, int source, const std::vector<int>& targets) {
  for (int at = chart.states[Index(source)].parent; at > 0; at = chart.states[Index(at)].parent) {
    if (chart.states[Index(at)].kind != StateKind::kState) continue;
    if (std::all_of(targets.begin(), targets.end(),
                    [&](int target) { return IsDescendant(chart, target, at); })) {
      return at;
    }
  }
  return 0;
}

// All the names that can be variables of this chart, and which of them each expression uses.
class Binder {
 public:
  explicit Binder(Chart& chart) : chart_(chart) {}

  std::shared_ptr<const Vocabulary> Bind() {
    for (const StateNode& state : chart_.states) {
      names_->states.push_back(state.id);
      names_->state_of.emplace(state.id, state.index);
    }
    for (StateNode& state : chart_.states) {
      for (DataItem& item : state.data) item.variable = Declare(item.id);
    }
    names_->declared = names_->variables.size();
    Visit(&Binder::DeclareIn);
    Visit(&Binder::BindIn);
    return names_;
  }

 private:
  using Action = void (Binder::*)(Instruction&);

  int Declare(const std::string& name) {
    const auto [found, added] =
        names_->variable_of.emplace(name, static_cast<int>(names_->variables.size()));
    if (added) names_->variables.push_back(name);
    return found->second;
  }

  void Visit(Action action) {
    for (Block& block : chart_.scripts) VisitBlock(block, action);
    for (StateNode& state : chart_.states) {
      for (Block& block : state.on_entry) VisitBlock(block, action);
      for (Block& block : state.on_exit) VisitBlock(block, action);
      for (Invoke& invoke : state.invokes) VisitBlock(invoke.finalize, action);
      if (action != &Binder::BindIn) continue;
      for (DataItem& item : state.data) BindOne(item.expression);
      BindPayload(state.done_data);
      for (Invoke& invoke : state.invokes) {
        BindOne(invoke.id_location);
        BindAll(invoke.computed);
        BindPayload(invoke.payload);
      }
    }
    for (Transition& transition : chart_.transitions) {
      VisitBlock(transition.content, action);
      if (action == &Binder::BindIn) BindOne(transition.condition);
    }
  }

  void VisitBlock(Block& block, Action action) {
    for (Instruction& instruction : block) {
      (this->*action)(instruction);
      VisitBlock(instruction.children, action);
    }
  }

  // What <script> declares by var, and <foreach> by naming it.
  void DeclareIn(Instruction& instruction) {
    if (instruction.kind == InstructionKind::kScript && instruction.expression) {
      for (const std::string& name : instruction.expression.program().declared) Declare(name);
    }
    if (instruction.kind != InstructionKind::kForeach) return;
    for (const Expression& place : {instruction.location, instruction.index}) {
      if (place && place.program().root->kind == evaluator::NodeKind::kName) Declare(place.text());
    }
  }

  void BindIn(Instruction& instruction) {
    BindOne(instruction.expression);
    BindOne(instruction.location);
    BindOne(instruction.index);
    BindAll(instruction.computed);
    BindPayload(instruction.payload);
  }

  void BindAll(std::vector<Param>& params) {
    for (Param& param : params) BindOne(param.value);
  }

  void BindPayload(Payload& payload) {
    BindAll(payload.namelist);
    BindAll(payload.params);
    BindOne(payload.content_expr);
  }

  void BindOne(Expression& expression) {
    if (expression) expression.Bind(names_->variable_of);
  }

  Chart& chart_;
  std::shared_ptr<Vocabulary> names_ = std::make_shared<Vocabulary>();
};

}  // namespace

const StateNode* FindState(const Chart& chart, std::string_view id) {
  const auto found = chart.names->state_of.find(std::string(id));
  return found == chart.names->state_of.end() ? nullptr : &chart.states[Index(found->second)];
}

const std::string& Attribute(const StateNode& state, const std::string& name) {
  return AttributeIn(state.attributes, name);
}

const std::string& Attribute(const Transition& transition, const std::string& name) {
  return AttributeIn(transition.attributes, name);
}

const std::string& Attribute(const Instruction& instruction, const std::string& name) {
  return AttributeIn(instruction.attributes, name);
}

std::string Complete(Chart& chart) {
  Measure(chart);
  for (const StateNode& state : chart.states) {
    const std::string wrong = Misplaced(chart, state);
    if (!wrong.empty()) return wrong;
    for (int index : state.transitions) {
      chart.has_eventless |= chart.transitions[Index(index)].events.empty();
    }
  }
  for (Transition& transition : chart.transitions) {
    const bool history =
        std::any_of(transition.targets.begin(), transition.targets.end(),
                    [&](int target) { return IsHistory(chart.states[Index(target)]); });
    if (history || transition.targets.empty()) continue;
    transition.domain = TransitionDomain(chart, transition, transition.targets);
  }
  chart.names = Binder(chart).Bind();
  return "";
}

int TransitionDomain(const Chart& chart, const Transition& transition,
                     const std::vector<int>& targets) {
  if (targets.empty()) return -1;
  const StateNode& source = chart.states[Index(transition.source)];
  const bool compound = source.kind == StateKind::kState && !source.children.empty();
  if (transition.internal && compound &&
      std::all_of(targets.begin(), targets.end(),
                  [&](int target) { return IsDescendant(chart, target, source.index); })) {
    return source.index;
  }
  return CommonAncestor(chart, source.index, targets);
}

}  // namespace aiguillage::engine
