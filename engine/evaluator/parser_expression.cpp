// Expressions, from the loosest binding to the tightest.
#include <algorithm>
#include <map>

#include "engine/evaluator/parser.h"
#include "engine/evaluator/parser_depth.h"

namespace aiguillage::engine::evaluator {

namespace {

struct BinaryOperator {
  int precedence;
  Op op;
  NodeKind kind = NodeKind::kBinary;
};

const std::map<std::string, BinaryOperator, std::less<>>& BinaryOperators() {
  static const std::map<std::string, BinaryOperator, std::less<>> operators = {
      {"??", {1, Op::kNullish, NodeKind::kNullish}},
      {"||", {1, Op::kOr, NodeKind::kOr}},
      {"&&", {2, Op::kAnd, NodeKind::kAnd}},
      {"|", {3, Op::kBitOr}},
      {"^", {4, Op::kBitXor}},
      {"&", {5, Op::kBitAnd}},
      {"==", {6, Op::kEqual}},
      {"!=", {6, Op::kNotEqual}},
      {"===", {6, Op::kSame}},
      {"!==", {6, Op::kNotSame}},
      {"<", {7, Op::kLess}},
      {"<=", {7, Op::kLessEqual}},
      {">", {7, Op::kGreater}},
      {">=", {7, Op::kGreaterEqual}},
      {"in", {7, Op::kIn}},
      {"instanceof", {7, Op::kInstanceof}},
      {"<<", {8, Op::kShiftLeft}},
      {">>", {8, Op::kShiftRight}},
      {">>>", {8, Op::kShiftUnsigned}},
      {"+", {9, Op::kAdd}},
      {"-", {9, Op::kSubtract}},
      {"*", {10, Op::kMultiply}},
      {"/", {10, Op::kDivide}},
      {"%", {10, Op::kRemainder}},
      {"**", {11, Op::kPower}}};
  return operators;
}

const std::map<std::string, Op, std::less<>>& AssignmentOperators() {
  static const std::map<std::string, Op, std::less<>> operators = {
      {"=", Op::kNone},        {"+=", Op::kAdd},
      {"-=", Op::kSubtract},   {"*=", Op::kMultiply},
      {"/=", Op::kDivide},     {"%=", Op::kRemainder},
      {"**=", Op::kPower},     {"&=", Op::kBitAnd},
      {"|=", Op::kBitOr},      {"^=", Op::kBitXor},
      {"<<=", Op::kShiftLeft}, {">>=", Op::kShiftRight},
      {"&&=", Op::kAnd},       {"||=", Op::kOr},
      {"\?\?=", Op::kNullish}, {">>>=", Op::kShiftUnsigned}};
  return operators;
}

// The path that a chain of members makes, "" when it is not one from a name.
std::string PathOf(const Node* node, const Program& program) {
  if (node->kind == NodeKind::kName) return program.symbols[static_cast<std::size_t>(node->symbol)];
  if (node->kind != NodeKind::kMember) return "";
  const std::string start = PathOf(node->a, program);
  return start.empty() ? "" : start + "." + node->text.text;
}

}  // namespace

const Node* Parser::Expression(bool allow_in) {
  const Deeper deeper(*this);
  const Node* first = Assignment(allow_in);
  if (!Is(",")) return first;
  Node* sequence = Make(NodeKind::kSequence);
  sequence->list.push_back(first);
  while (Take(",")) sequence->list.push_back(Assignment(allow_in));
  return sequence;
}

void Parser::CheckTarget(const Node* target) const {
  const bool place = target->kind == NodeKind::kName || target->kind == NodeKind::kMember ||
                     target->kind == NodeKind::kIndex;
  if (target->kind == NodeKind::kArray || target->kind == NodeKind::kObject) {
    throw SyntaxError(target->at, "destructuring is not in the subset");
  }
  if (target->kind == NodeKind::kUndefined) {
    throw SyntaxError(target->at, "assigning to undefined is not in the subset");
  }
  if (!place || target->flag) throw SyntaxError(target->at, "this cannot be assigned to");
}

// async () => …, async x => …, async function …
void Parser::CheckAsync() const {
  if (!IsWord("async") || Ahead(1).newline_before) return;
  const Token& next = Ahead(1);
  const bool arrow =
      next.match > 0 && Ahead(static_cast<std::size_t>(next.match) + 1 - at_).text == "=>";
  if (arrow || next.kind == TokenKind::kName ||
      (next.kind == TokenKind::kKeyword && next.text == "function")) {
    Refuse("async");
  }
}

const Node* Parser::Assignment(bool allow_in) {
  const Deeper deeper(*this);
  CheckAsync();
  if (ArrowAhead()) return Arrow();
  const Node* target = Conditional(allow_in);
  if (Now().kind != TokenKind::kPunctuator) return target;
  const auto found = AssignmentOperators().find(Now().text);
  if (found == AssignmentOperators().end()) return target;
  CheckTarget(target);
  Node* assign = Make(NodeKind::kAssign);
  ++at_;
  program_.assigns = true;
  assign->op = found->second;
  assign->a = target;
  assign->b = Assignment(allow_in);
  return assign;
}

const Node* Parser::Conditional(bool allow_in) {
  const Node* test = Binary(1, allow_in);
  if (!Is("?")) return test;
  Node* node = Make(NodeKind::kConditional);
  ++at_;
  node->a = test;
  node->b = Assignment();
  Expect(":");
  node->c = Assignment(allow_in);
  return node;
}

const Node* Parser::Binary(int precedence, bool allow_in) {
  const Node* left = Unary();
  int chain = 0;
  for (;;) {
    if (Now().kind != TokenKind::kPunctuator && Now().kind != TokenKind::kKeyword) return left;
    const auto found = BinaryOperators().find(Now().text);
    if (found == BinaryOperators().end() || found->second.precedence < precedence) return left;
    if (found->second.op == Op::kIn && !allow_in) return left;
    const BinaryOperator& binary = found->second;
    if (++chain > 1000) Fail("it chains more than 1000 operators");
    Node* node = Make(binary.kind);
    ++at_;
    node->op = binary.op;
    node->a = left;
    const auto bare = [&](const Node* side, std::initializer_list<NodeKind> kinds) {
      return std::find(kinds.begin(), kinds.end(), side->kind) != kinds.end() &&
             !bracketed_.count(side);
    };
    if (binary.op == Op::kPower &&
        bare(left, {NodeKind::kUnary, NodeKind::kTypeof, NodeKind::kDelete})) {
      Fail("a sign before ** needs brackets");
    }
    const Deeper deeper(*this);
    node->b = Binary(binary.op == Op::kPower ? 11 : binary.precedence + 1, allow_in);
    const bool nullish = node->kind == NodeKind::kNullish;
    for (const Node* side : {left, node->b}) {
      if (nullish ? bare(side, {NodeKind::kAnd, NodeKind::kOr})
                  : binary.precedence <= 2 && bare(side, {NodeKind::kNullish})) {
        Fail("?? and || cannot be mixed without brackets");
      }
    }
    left = node;
  }
}

const Node* Parser::Unary() {
  const Deeper deeper(*this);
  static const std::map<std::string, Op, std::less<>> operators = {{"-", Op::kNegate},
                                                                   {"+", Op::kPlus},
                                                                   {"!", Op::kNot},
                                                                   {"~", Op::kBitNot},
                                                                   {"void", Op::kVoid}};
  if (Is("++") || Is("--")) {
    Node* node = Make(NodeKind::kUpdate);
    node->op = Is("++") ? Op::kIncrement : Op::kDecrement;
    node->flag = true;
    ++at_;
    node->a = Unary();
    CheckTarget(node->a);
    program_.assigns = true;
    return node;
  }
  if (IsKeyword("typeof") || IsKeyword("delete")) {
    Node* node = Make(IsKeyword("typeof") ? NodeKind::kTypeof : NodeKind::kDelete);
    program_.assigns |= IsKeyword("delete");
    ++at_;
    node->a = Unary();
    if (node->kind == NodeKind::kTypeof) return node;
    if (node->a->kind == NodeKind::kName || node->a->kind == NodeKind::kUndefined) {
      throw SyntaxError(node->at, "only a member can be deleted");
    }
    if (node->a->kind == NodeKind::kSequence && node->a->flag) Refuse("delete of a ?. chain");
    return node;
  }
  if (Now().kind == TokenKind::kPunctuator || IsKeyword("void")) {
    const auto found = operators.find(Now().text);
    if (found != operators.end()) {
      Node* node = Make(NodeKind::kUnary);
      node->op = found->second;
      ++at_;
      node->a = Unary();
      return node;
    }
  }
  return Postfix();
}

const Node* Parser::Postfix() {
  const Node* operand = CallOrMember();
  if ((!Is("++") && !Is("--")) || Now().newline_before) return operand;
  CheckTarget(operand);
  Node* node = Make(NodeKind::kUpdate);
  node->op = Is("++") ? Op::kIncrement : Op::kDecrement;
  ++at_;
  node->a = operand;
  program_.assigns = true;
  return node;
}

// After a ?. the whole rest of the chain is skipped when there is nothing: its root is marked by a
// kSequence of one, flagged, that the evaluator treats as the chain's end.
const Node* Parser::CallOrMember() {
  const Node* node = IsKeyword("new") ? NewExpression() : Primary();
  bool optional_chain = false;
  for (int links = 0;; ++links) {
    if (links > 1000) Fail("it chains more than 1000 members");
    if (Is("?.")) {
      ++at_;
      optional_chain = true;
      node = MemberOf(node, true);
    } else if (Is(".") || Is("[") || Is("(")) {
      node = MemberOf(node, false);
    } else if (Now().kind == TokenKind::kTemplate) {
      Fail("tagged templates are not in the subset");
    } else {
      break;
    }
  }
  UsePath(node);
  if (!optional_chain) return node;
  Node* end = Make(NodeKind::kSequence);
  end->flag = true;
  end->list.push_back(node);
  return end;
}

void Parser::UsePath(const Node* node) {
  const std::string path = PathOf(node, program_);
  if (!path.empty()) Use(Symbol(path.substr(0, path.find('.'))), path);
}

const Node* Parser::MemberOf(const Node* object, bool optional) {
  if (Is("(")) {
    if (object->kind == NodeKind::kSequence && object->flag)
      Refuse("a call of a ?. chain in brackets");
    // of a.b.f() the path is a.b
    UsePath(object->kind == NodeKind::kMember ? object->a : object);
    Node* call = Make(NodeKind::kCall);
    program_.calls = true;
    call->flag = optional;
    call->a = object;
    call->list = Arguments();
    return call;
  }
  if (Is("[")) {
    UsePath(object);
    Node* index = Make(NodeKind::kIndex);
    ++at_;
    index->flag = optional;
    index->a = object;
    index->b = Expression();
    Expect("]");
    return index;
  }
  if (!optional) Expect(".");
  if (Now().kind != TokenKind::kName && Now().kind != TokenKind::kKeyword) {
    Fail("expected a member's name");
  }
  Node* member = Make(NodeKind::kMember);
  member->flag = optional;
  member->a = object;
  member->text.text = tokens_[at_++].text;
  return member;
}

const Node* Parser::NewExpression() {
  const Deeper deeper(*this);
  Node* node = Make(NodeKind::kNew);
  ++at_;
  program_.calls = true;
  if (Is(".")) Refuse("new.target");
  const Node* made = IsKeyword("new") ? NewExpression() : Primary();
  for (int links = 0; Is(".") || Is("["); ++links) {
    if (links > 1000) Fail("it chains more than 1000 members");
    made = MemberOf(made, false);
  }
  if (Is("?.")) Fail("new cannot make a ?. chain");
  UsePath(made);
  node->a = made;
  if (Is("(")) node->list = Arguments();
  return node;
}

std::vector<const Node*> Parser::Arguments() {
  std::vector<const Node*> list;
  Expect("(");
  while (!Is(")")) {
    if (Is("...")) {
      Node* spread = Make(NodeKind::kSpread);
      ++at_;
      spread->a = Assignment();
      list.push_back(spread);
    } else {
      list.push_back(Assignment());
    }
    if (!Take(",")) break;
  }
  Expect(")");
  return list;
}

}  // namespace aiguillage::engine::evaluator
