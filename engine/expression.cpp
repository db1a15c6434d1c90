#include "engine/expression.h"

#include <algorithm>

#include "engine/evaluator/bridge.h"
#include "engine/evaluator/machine.h"
#include "engine/evaluator/parser.h"

namespace aiguillage::engine {

namespace {

Outcome<Expression> Parsed(std::string_view text, bool script) {
  try {
    return Expression(evaluator::Parse(text, script));
  } catch (const evaluator::SyntaxError& error) {
    return Refusal{
        "expression", "caractère " + std::to_string(error.at + 1) + " : " + error.what(), {}};
  }
}

// The variables of a stand-alone evaluation: read, and changed only while it lasts.
class Variables : public evaluator::Globals {
 public:
  explicit Variables(const std::map<std::string, nlohmann::json>& given) : given_(given) {}

  bool Read(evaluator::Machine& machine, const evaluator::Program& program, int symbol,
            evaluator::Cell& value) override {
    const std::string& name = program.symbols[static_cast<std::size_t>(symbol)];
    const auto thawed = thawed_.find(name);
    if (thawed != thawed_.end()) return value = thawed->second, true;
    const auto found = given_.find(name);
    if (found == given_.end()) return false;
    value = evaluator::Thaw(machine, Value::FromPlain(found->second));
    thawed_.emplace(name, value);
    return true;
  }

  Written Write(const evaluator::Program& program, int symbol,
                const evaluator::Cell& value) override {
    const std::string& name = program.symbols[static_cast<std::size_t>(symbol)];
    if (!given_.count(name) && !thawed_.count(name)) return Written::kUndeclared;
    thawed_[name] = value;
    return Written::kDone;
  }

 private:
  const std::map<std::string, nlohmann::json>& given_;
  std::map<std::string, evaluator::Cell> thawed_;
};

}  // namespace

const std::string& Expression::text() const {
  static const std::string none;
  return program_ ? program_->source : none;
}

std::vector<std::string> Expression::FreeNames() const {
  return program_ ? program_->free : std::vector<std::string>();
}

std::vector<std::string> Expression::Paths() const {
  return program_ ? program_->paths : std::vector<std::string>();
}

bool Expression::Reads(std::string_view name) const {
  return program_ &&
         std::find(program_->free.begin(), program_->free.end(), name) != program_->free.end();
}

bool Expression::Assigns() const { return program_ && program_->assigns; }

bool Expression::IsConstant() const {
  return program_ && program_->free.empty() && !program_->calls && !program_->assigns;
}

bool Expression::IsBroken() const { return program_ && !program_->broken.empty(); }

void Expression::Bind(const std::unordered_map<std::string, int>& variables) {
  program_->slots.assign(program_->symbols.size(), -1);
  for (std::size_t i = 0; i < program_->symbols.size(); ++i) {
    const auto found = variables.find(program_->symbols[i]);
    if (found != variables.end()) program_->slots[i] = found->second;
  }
}

Expression BrokenExpression(std::string_view text, const std::string& why) {
  auto program = std::make_shared<evaluator::Program>();
  program->source = std::string(text);
  program->broken = why;
  evaluator::Node& node = program->nodes.emplace_back();
  node.kind = evaluator::NodeKind::kEmpty;
  program->root = &node;
  return Expression(std::move(program));
}

Outcome<Expression> ParseExpression(std::string_view text) { return Parsed(text, false); }
Outcome<Expression> ParseScript(std::string_view text) { return Parsed(text, true); }

Outcome<nlohmann::json> Evaluate(const Expression& expression,
                                 const std::map<std::string, nlohmann::json>& variables,
                                 const Limits& limits) {
  evaluator::Heap heap;
  Variables globals(variables);
  evaluator::Machine machine(heap, globals, limits);
  try {
    return evaluator::Freeze(machine, machine.Evaluate(expression.program())).Plain();
  } catch (const evaluator::OverBudget& error) {
    return Refusal{"budget", expression.text() + " : " + error.what(), {}};
  } catch (const evaluator::Thrown& error) {
    return Refusal{"error.execution", expression.text() + " : " + error.what(), {}};
  }
}

}  // namespace aiguillage::engine
