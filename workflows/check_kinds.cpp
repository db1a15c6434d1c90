// Comparisons that never hold: a number with a text, a choice that the form does not offer. The
// syntax tree says what is compared, the form's schema and the <data> what it can be.
//
//   cond="_event.data.verdict === 'acceptd'"   « verdict » n’a pas la valeur « acceptd »
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "engine/evaluator/ast.h"
#include "workflows/check_internal.h"

namespace aiguillage::workflows {
namespace {

using engine::evaluator::Node;
using engine::evaluator::NodeKind;
using engine::evaluator::Op;

enum class Sort { kUnknown, kNumber, kText, kBoolean, kList, kGroup };

// What an expression can be; `values` when it can only be one of these texts.
struct Nature {
  Sort sort = Sort::kUnknown;
  std::optional<std::set<std::string>> values;
  bool operator==(const Nature&) const = default;
};

const char* SortWords(Sort sort) {
  static constexpr const char* kWords[] = {"inconnu",      "un nombre", "un texte",
                                           "vrai ou faux", "une liste", "un groupe"};
  return kWords[static_cast<std::size_t>(sort)];
}

Nature NatureOf(const std::vector<forms::Option>& options) {
  if (options.empty()) return {};
  std::set<std::string> values;
  for (const auto& option : options) values.insert(option.value);
  return {Sort::kText, values};
}

Nature NatureOf(const forms::Form& form, const std::string& name) {
  for (const auto& computed : form.computed) {
    // Computed: of any sort, but one of its options when it has some.
    if (computed.name == name) return {Sort::kUnknown, NatureOf(computed.options).values};
  }
  const forms::Field* field = forms::FindField(form, name);
  if (field == nullptr) return {};
  switch (field->kind) {
    case forms::Kind::kText: {
      const Nature choice = NatureOf(field->options);
      return choice.values ? choice : Nature{Sort::kText, {}};
    }
    case forms::Kind::kInteger:
    case forms::Kind::kNumber:
      return {Sort::kNumber, {}};
    case forms::Kind::kBoolean:
      return {Sort::kBoolean, {}};
    case forms::Kind::kList:
    case forms::Kind::kRows:
      return {Sort::kList, {}};
    case forms::Kind::kGroup:
      return {Sort::kGroup, {}};
    default:
      return {};
  }
}

// Both at once: what is common to two things an expression can be.
Nature Either(const Nature& one, const Nature& other) {
  if (one.sort != other.sort) return {};
  if (!one.values || !other.values) return {one.sort, {}};
  std::set<std::string> values = *one.values;
  values.insert(other.values->begin(), other.values->end());
  return {one.sort, values};
}

class KindCheck {
 public:
  explicit KindCheck(RailsCheck& check) : check_(check) { ReadData(); }

  void Look(const engine::Expression& expression, engine::Position at,
            const engine::Transition* transition) {
    if (!expression || expression.IsBroken()) return;
    Take(expression, transition);
    at_ = at;
    Walk(expression.program().root);
  }

 private:
  void Take(const engine::Expression& expression, const engine::Transition* transition) {
    program_ = &expression.program();
    form_ = nullptr;
    own_.clear();
    if (transition == nullptr) return;
    const auto found = check_.definition.forms.find(engine::Attribute(*transition, "form"));
    if (found != check_.definition.forms.end()) form_ = &found->second;
  }

  // A variable is what it starts as and everything it is ever assigned; else it is not known.
  void ReadData() {
    std::map<std::string, Nature> read;
    for (const auto& state : check_.chart.states) {
      for (const auto& item : state.data) {
        if (!item.expression || item.expression.IsBroken()) continue;
        Take(item.expression, nullptr);
        read[item.id] = Of(program_->root);
      }
    }
    data_ = read;
    check_.EachBlock([&](const engine::StateNode&, const engine::Transition* transition,
                         const engine::Block& block) {
      ForEachInstruction(block, [&](const engine::Instruction& instruction) {
        if (instruction.location) {
          const auto paths = instruction.location.FreeNames();
          const std::string name = paths.empty() ? "" : paths.front();
          const bool whole = instruction.location.text() == name && instruction.expression &&
                             instruction.kind == engine::InstructionKind::kAssign;
          if (!read.contains(name)) return;
          if (whole) Take(instruction.expression, transition);
          read[name] = whole ? Either(read[name], Of(program_->root)) : Nature{};
        }
      });
    });
    data_ = read;
  }

  std::string PathOf(const Node* node) const {
    if (node->kind == NodeKind::kName) {
      return own_.contains(node->symbol)
                 ? ""
                 : program_->symbols[static_cast<std::size_t>(node->symbol)];
    }
    if (node->kind != NodeKind::kMember) return "";
    const std::string before = PathOf(node->a);
    return before.empty() ? "" : before + "." + node->text.text;
  }

  Nature Of(const Node* node) const {
    switch (node->kind) {
      case NodeKind::kNumber:
        return {Sort::kNumber, {}};
      case NodeKind::kString:
        return {Sort::kText, std::set<std::string>{node->text.text}};
      case NodeKind::kTemplate:
      case NodeKind::kTypeof:
        return {Sort::kText, {}};
      case NodeKind::kTrue:
      case NodeKind::kFalse:
        return {Sort::kBoolean, {}};
      case NodeKind::kArray:
        return {Sort::kList, {}};
      case NodeKind::kObject:
        return {Sort::kGroup, {}};
      case NodeKind::kUnary:
        return {node->op == Op::kNot ? Sort::kBoolean : Sort::kUnknown, {}};
      case NodeKind::kConditional:
        return Either(Of(node->b), Of(node->c));
      case NodeKind::kBinary:
        return OfBinary(*node);
      case NodeKind::kName:
      case NodeKind::kMember:
        return OfPath(PathOf(node));
      default:
        return {};
    }
  }

  Nature OfBinary(const Node& node) const {
    if (node.op == Op::kAdd) {
      const Sort left = Of(node.a).sort, right = Of(node.b).sort;
      if (left == Sort::kText || right == Sort::kText) return {Sort::kText, {}};
      return {left == Sort::kNumber && right == left ? Sort::kNumber : Sort::kUnknown, {}};
    }
    if (node.op >= Op::kSubtract && node.op <= Op::kPower) return {Sort::kNumber, {}};
    if (node.op >= Op::kEqual && node.op <= Op::kGreaterEqual) return {Sort::kBoolean, {}};
    return {};
  }

  Nature OfPath(const std::string& path) const {
    static const std::string kAnswers = "_event.data.";
    if (path.starts_with(kAnswers)) {
      const std::string name = path.substr(kAnswers.size());
      const bool inner = name.find('.') != std::string::npos;
      if (form_ != nullptr && !inner) return NatureOf(*form_, name);
      return {};
    }
    const auto found = data_.find(path);
    return found == data_.end() ? Nature{} : found->second;
  }

  std::string Written(const Node* node) const {
    const std::string path = PathOf(node);
    return path.empty() ? "une expression" : "« " + path + " »";
  }

  // Loose comparisons convert: a text only never equals a number when it does not look like one.
  static bool LooksNumeric(const Nature& nature) {
    return !nature.values ||
           std::any_of(nature.values->begin(), nature.values->end(), [](const std::string& text) {
             return text.find_first_not_of(" \t") == std::string::npos ||
                    text.find_first_of("0123456789I") != std::string::npos;
           });
  }

  static bool NeverMeet(Op op, const Nature& left, const Nature& right) {
    if (left.sort == Sort::kUnknown || right.sort == Sort::kUnknown) return false;
    if (left.sort == right.sort) return false;
    if (op == Op::kSame || op == Op::kNotSame) return true;
    const Nature& text = left.sort == Sort::kText ? left : right;
    const Nature& other = left.sort == Sort::kText ? right : left;
    return text.sort == Sort::kText && other.sort == Sort::kNumber && !LooksNumeric(text);
  }

  void Compare(const Node& node) {
    const Nature left = Of(node.a), right = Of(node.b);
    if (NeverMeet(node.op, left, right)) {
      check_.Add(at_, "bad_comparison",
                 "« " + program_->source + " » compare " + Written(node.a) + ", " +
                     SortWords(left.sort) + ", à " + SortWords(right.sort) +
                     " : jamais égaux. Comparer à une valeur de la même sorte.");
    }
    if (node.op > Op::kNotSame) return;
    if (node.b->kind == NodeKind::kString) Offered(node.a, left, node.b->text.text);
    if (node.a->kind == NodeKind::kString) Offered(node.b, right, node.a->text.text);
  }

  void Offered(const Node* asked, const Nature& nature, const std::string& value) {
    if (!nature.values || asked->kind == NodeKind::kString || nature.values->contains(value)) {
      return;
    }
    std::string known;
    for (const auto& one : *nature.values) known += (known.empty() ? "" : ", ") + one;
    check_.Add(at_, "unknown_value",
               Written(asked) + " n’a jamais la valeur « " + value +
                   " » : l’ajouter à ce qu’il peut valoir (" + known + "), ou la corriger.");
  }

  void Walk(const Node* node) {
    if (node == nullptr) return;
    if (node->kind == NodeKind::kFunction) own_.insert(node->symbols.begin(), node->symbols.end());
    const bool compares =
        node->kind == NodeKind::kBinary && node->op >= Op::kEqual && node->op <= Op::kGreaterEqual;
    if (compares) Compare(*node);
    // ['a', 'b'].includes(x): each of them should be one that x can be
    if (node->kind == NodeKind::kCall && node->list.size() == 1 && node->a != nullptr &&
        node->a->kind == NodeKind::kMember && node->a->text.text == "includes" &&
        node->a->a->kind == NodeKind::kArray) {
      for (const Node* one : node->a->a->list) {
        if (one->kind == NodeKind::kString)
          Offered(node->list.front(), Of(node->list.front()), one->text.text);
      }
    }
    Walk(node->a);
    Walk(node->b);
    Walk(node->c);
    for (const Node* one : node->list) Walk(one);
  }

  RailsCheck& check_;
  std::map<std::string, Nature> data_;
  const engine::evaluator::Program* program_ = nullptr;
  const forms::Form* form_ = nullptr;
  std::set<int> own_;  // parameters of functions: their names are not the data's
  engine::Position at_;
};

}  // namespace

void CheckKinds(RailsCheck& check) {
  KindCheck kinds(check);
  for (const auto& transition : check.chart.transitions) {
    kinds.Look(transition.condition, transition.at, &transition);
  }
  check.EachBlock([&](const engine::StateNode&, const engine::Transition* transition,
                      const engine::Block& block) {
    ForEachInstruction(block, [&](const engine::Instruction& instruction) {
      kinds.Look(instruction.expression, instruction.at, transition);
      for (const auto& param : instruction.computed) {
        kinds.Look(param.value, instruction.at, transition);
      }
    });
  });
}

}  // namespace aiguillage::workflows
