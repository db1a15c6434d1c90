// Statements, for <script> and the bodies of functions.
#include <utility>

#include "engine/evaluator/parser.h"
#include "engine/evaluator/parser_depth.h"

namespace aiguillage::engine::evaluator {

void Parser::Statements(Node* block) {
  OpenScope(false);
  StatementList(block);
  FinishBlock(block);
}

void Parser::StatementList(Node* block) {
  while (!Is("}") && Now().kind != TokenKind::kEnd && !IsKeyword("case") && !IsKeyword("default")) {
    block->list.push_back(Statement());
  }
}

// A block with let, const or function has names of its own (flag, locals, functions).
void Parser::FinishBlock(Node* block) {
  Scope scope = CloseScope();
  block->flag = !scope.names.empty() || !scope.functions.empty();
  block->locals = std::move(scope.names);
  block->functions = std::move(scope.functions);
}

void Parser::EndOfStatement() {
  if (Take(";") || Is("}") || Now().kind == TokenKind::kEnd || Now().newline_before) return;
  Fail("expected ';'");
}

const Node* Parser::Statement() {
  const Deeper deeper(*this);
  if (Is("{")) return BlockStatement();
  if (Is(";")) return ++at_, Make(NodeKind::kEmpty);
  const Token& next = Ahead(1);
  const bool mark = next.kind == TokenKind::kPunctuator;
  if (Now().kind == TokenKind::kName && mark && next.text == ":") Refuse("a label");
  if (IsWord("let") && mark && (next.text == "[" || next.text == "{")) Refuse("destructuring");
  if (IsWord("let") && next.kind == TokenKind::kName) {
    const Node* declared = Declaration(true);
    EndOfStatement();
    return declared;
  }
  if (Now().kind == TokenKind::kKeyword) {
    const std::string word = Now().text;
    if (word == "var" || word == "const") {
      const Node* declared = Declaration(true);
      EndOfStatement();
      return declared;
    }
    if (word == "function") {
      Function(true);
      return Make(NodeKind::kEmpty);
    }
    if (word == "if") return If();
    if (word == "for") return For();
    if (word == "while") return While();
    if (word == "do") return Do();
    if (word == "switch") return Switch();
    if (word == "try") return Try();
    if (word == "return") return Jump(NodeKind::kReturn);
    if (word == "break") return Jump(NodeKind::kBreak);
    if (word == "continue") return Jump(NodeKind::kContinue);
    if (word == "throw") return Jump(NodeKind::kThrow);
    if (word == "class" || word == "with" || word == "import" || word == "debugger") {
      Refuse("'" + word + "'");
    }
  }
  Node* statement = Make(NodeKind::kExpression);
  statement->a = Expression();
  EndOfStatement();
  return statement;
}

// Where a declaration would be nobody's: if (a) let b;
const Node* Parser::Substatement() {
  const bool let = IsWord("let") && Ahead(1).kind == TokenKind::kName;
  if (let || IsKeyword("const") || IsKeyword("function")) Fail("a declaration needs a block here");
  return Statement();
}

// kDeclare: list of kAssign-like pairs, kExpression nodes with symbol and a (may be null).
const Node* Parser::Declaration(bool allow_in) {
  Node* node = Make(NodeKind::kDeclare);
  const bool var = IsKeyword("var");
  const bool constant = IsKeyword("const");
  node->flag = constant;
  ++at_;
  do {
    Node* one = Make(NodeKind::kExpression);
    one->symbol = ExpectName();
    if (var) {
      DeclareVar(one->symbol);
    } else {
      DeclareLexical(one->symbol);
    }
    one->a = Take("=") ? Assignment(allow_in) : nullptr;
    if (constant && !one->a && !IsWord("of") && !IsKeyword("in")) Fail("a const needs a value");
    one->flag = !var;
    node->list.push_back(one);
  } while (Take(","));
  return node;
}

const Node* Parser::BlockStatement() {
  Expect("{");
  Node* block = Make(NodeKind::kBlock);
  Statements(block);
  Expect("}");
  return block;
}

const Node* Parser::If() {
  Node* node = Make(NodeKind::kIf);
  ++at_;
  Expect("(");
  node->a = Expression();
  Expect(")");
  node->b = Substatement();
  if (TakeKeyword("else")) node->c = Substatement();
  return node;
}

const Node* Parser::For() {
  Node* loop = Make(NodeKind::kFor);
  ++at_;
  Expect("(");
  OpenScope(false);
  const Node* head = nullptr;
  if (IsKeyword("var") || IsKeyword("const") ||
      (IsWord("let") && Ahead(1).kind == TokenKind::kName)) {
    head = Declaration(false);
  } else if (!Is(";")) {
    head = Expression(false);
  }
  if (head && IsWord("of")) return ForEach(loop, head, NodeKind::kForOf);
  if (head && IsKeyword("in")) return ForEach(loop, head, NodeKind::kForIn);
  Expect(";");
  loop->a = head;
  if (!Is(";")) loop->b = Expression();
  Expect(";");
  if (!Is(")")) loop->c = Expression();
  Expect(")");
  ++loops_;
  loop->list.push_back(Substatement());
  --loops_;
  FinishBlock(loop);
  return loop;
}

const Node* Parser::ForEach(Node* loop, const Node* head, NodeKind kind) {
  if (head->kind == NodeKind::kDeclare && (head->list.size() != 1 || head->list[0]->a)) {
    Fail("expected one name");
  }
  if (head->kind != NodeKind::kDeclare) {
    CheckTarget(head);
    program_.assigns = true;
  }
  ++at_;  // in, of
  loop->kind = kind;
  loop->a = head;
  loop->b = kind == NodeKind::kForOf ? Assignment() : Expression();
  Expect(")");
  ++loops_;
  loop->list.push_back(Substatement());
  --loops_;
  FinishBlock(loop);
  return loop;
}

const Node* Parser::While() {
  Node* node = Make(NodeKind::kWhile);
  ++at_;
  Expect("(");
  node->a = Expression();
  Expect(")");
  ++loops_;
  node->b = Substatement();
  --loops_;
  return node;
}

const Node* Parser::Do() {
  Node* node = Make(NodeKind::kDo);
  ++at_;
  ++loops_;
  node->b = Substatement();
  --loops_;
  if (!TakeKeyword("while")) Fail("expected 'while'");
  Expect("(");
  node->a = Expression();
  Expect(")");
  Take(";");
  return node;
}

// kSwitch a: value, list of kCase (a: test or null, list: statements).
const Node* Parser::Switch() {
  bool defaulted = false;
  Node* node = Make(NodeKind::kSwitch);
  ++at_;
  Expect("(");
  node->a = Expression();
  Expect(")");
  Expect("{");
  ++switches_;
  OpenScope(false);
  while (!Is("}")) {
    Node* part = Make(NodeKind::kCase);
    if (TakeKeyword("case")) {
      part->a = Expression();
    } else if (!TakeKeyword("default")) {
      Fail("expected 'case' or 'default'");
    } else if (std::exchange(defaulted, true)) {
      Fail("there is a default already");
    }
    Expect(":");
    StatementList(part);
    node->list.push_back(part);
  }
  Expect("}");
  FinishBlock(node);
  --switches_;
  return node;
}

// kTry a: block, b: handler (symbol: the caught name or -1), c: finally.
const Node* Parser::Try() {
  Node* node = Make(NodeKind::kTry);
  ++at_;
  node->a = BlockStatement();
  if (TakeKeyword("catch")) {
    OpenScope(false);
    if (Take("(")) {
      node->symbol = ExpectName();
      DeclareParameter(node->symbol);
      Expect(")");
    }
    node->b = BlockStatement();
    CloseScope();
  }
  if (TakeKeyword("finally")) node->c = BlockStatement();
  if (!node->b && !node->c) Fail("expected 'catch' or 'finally'");
  return node;
}

const Node* Parser::Jump(NodeKind kind) {
  if (kind == NodeKind::kReturn && functions_ == 0) Fail("'return' is outside a function");
  if (kind == NodeKind::kBreak && loops_ + switches_ == 0) Fail("'break' is outside a loop");
  if (kind == NodeKind::kContinue && loops_ == 0) Fail("'continue' is outside a loop");
  Node* node = Make(kind);
  ++at_;
  const bool value = kind == NodeKind::kReturn || kind == NodeKind::kThrow;
  if (value && !Is(";") && !Is("}") && Now().kind != TokenKind::kEnd && !Now().newline_before) {
    node->a = Expression();
  }
  if (kind == NodeKind::kThrow && !node->a) Fail("expected what to throw");
  if (!value && Now().kind == TokenKind::kName && !Now().newline_before) {
    Refuse("a label");
  }
  EndOfStatement();
  return node;
}

}  // namespace aiguillage::engine::evaluator
