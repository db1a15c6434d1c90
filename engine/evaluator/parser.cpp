// What expressions and statements share: tokens, names, scopes, functions.
#include "engine/evaluator/parser.h"

#include <algorithm>
#include <utility>

#include "engine/evaluator/parser_depth.h"

namespace aiguillage::engine::evaluator {

namespace {
constexpr std::size_t kSourceBytes = 256 * 1024;
}

std::shared_ptr<Program> Parse(std::string_view source, bool script) {
  if (source.size() > kSourceBytes) throw SyntaxError(0, "it is longer than 256 KiB");
  auto program = std::make_shared<Program>();
  program->source = std::string(source);
  program->script = script;
  Parser parser(*program, 0, static_cast<int>(source.size()));
  program->root = script ? parser.WholeScript() : parser.WholeExpression();
  return program;
}

Parser::Parser(Program& program, int from, int to)
    : program_(program), tokens_(Tokens(program.source, from, to)) {
  OpenScope(true);
}

const Node* Parser::WholeExpression() {
  const Node* root = Expression();
  Take(";");  // <assign expr="f();"> is usual
  if (Now().kind != TokenKind::kEnd) Fail("expected the end of the expression");
  for (const auto& [symbol, path] : CloseScope().uses) {
    const std::string& name = program_.symbols[static_cast<std::size_t>(symbol)];
    auto& free = program_.free;
    if (std::find(free.begin(), free.end(), name) == free.end()) free.push_back(name);
    auto& paths = program_.paths;
    if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
  }
  return root;
}

const Node* Parser::WholeScript() {
  Node* block = Make(NodeKind::kBlock);
  Statements(block);
  if (Now().kind != TokenKind::kEnd) Fail("expected a statement");
  const Scope scope = CloseScope();
  for (int symbol : scope.vars) {
    program_.declared.push_back(program_.symbols[static_cast<std::size_t>(symbol)]);
  }
  for (const auto& [symbol, path] : scope.uses) {
    if (scope.declared.count(symbol)) continue;
    program_.free.push_back(program_.symbols[static_cast<std::size_t>(symbol)]);
    program_.paths.push_back(path);
  }
  block->functions = scope.functions;
  return block;
}

const Token& Parser::Ahead(std::size_t n) const {
  return tokens_[std::min(at_ + n, tokens_.size() - 1)];
}

bool Parser::Is(std::string_view punctuator) const {
  return Now().kind == TokenKind::kPunctuator && Now().text == punctuator;
}

bool Parser::IsKeyword(std::string_view word) const {
  return Now().kind == TokenKind::kKeyword && Now().text == word;
}

bool Parser::IsWord(std::string_view word) const {
  return Now().kind == TokenKind::kName && Now().text == word;
}

bool Parser::Take(std::string_view punctuator) {
  if (!Is(punctuator)) return false;
  ++at_;
  return true;
}

bool Parser::TakeKeyword(std::string_view word) {
  if (!IsKeyword(word)) return false;
  ++at_;
  return true;
}

void Parser::Expect(std::string_view punctuator) {
  if (!Take(punctuator)) Fail("expected '" + std::string(punctuator) + "'");
}

std::string Parser::Shown() const {
  const Token& token = Now();
  if (token.kind == TokenKind::kEnd) return "the end";
  return "'" +
         program_.source.substr(static_cast<std::size_t>(token.at),
                                static_cast<std::size_t>(std::min(token.end - token.at, 30))) +
         "'";
}

void Parser::Fail(const std::string& what) const {
  throw SyntaxError(Now().at, what + ", but got " + Shown());
}

Node* Parser::Make(NodeKind kind) {
  Node& node = program_.nodes.emplace_back();
  node.kind = kind;
  node.at = Now().at;
  return &node;
}

int Parser::Symbol(const std::string& name) {
  const auto [found, added] =
      program_.symbol_of.emplace(name, static_cast<int>(program_.symbols.size()));
  if (added) program_.symbols.push_back(name);
  return found->second;
}

int Parser::ExpectName() {
  if (Is("{") || Is("[")) Fail("expected a name (destructuring is not in the subset)");
  if (Now().kind != TokenKind::kName) Fail("expected a name");
  return Symbol(tokens_[at_++].text);
}

void Parser::Use(int symbol, const std::string& path) {
  scopes_.back().uses.emplace_back(symbol, path);
}

void Parser::OpenScope(bool function) {
  scopes_.push_back(
      Scope{.function = function, .declared = {}, .uses = {}, .vars = {}, .functions = {}});
}

Parser::Scope& Parser::FunctionScope() {
  return *std::find_if(scopes_.rbegin(), scopes_.rend(),
                       [](const Scope& scope) { return scope.function; });
}

Parser::Scope Parser::CloseScope() {
  Scope scope = std::move(scopes_.back());
  scopes_.pop_back();
  if (scopes_.empty()) return scope;
  for (auto& use : scope.uses) {
    if (!scope.declared.count(use.first)) scopes_.back().uses.push_back(use);
  }
  return scope;
}

bool Parser::ArrowAhead() const {
  if (Now().kind == TokenKind::kName) {
    return Ahead(1).kind == TokenKind::kPunctuator && Ahead(1).text == "=>";
  }
  if (!Is("(")) return false;
  const std::size_t after = static_cast<std::size_t>(Now().match) + 1;
  return after < tokens_.size() && tokens_[after].kind == TokenKind::kPunctuator &&
         tokens_[after].text == "=>";
}

const Node* Parser::Arrow() {
  Node* function = Make(NodeKind::kFunction);
  const int start = Now().at;
  function->flag = true;
  OpenScope(true);
  if (Is("(")) {
    Parameters(function);
  } else {
    function->symbols.push_back(ExpectName());
  }
  Expect("=>");
  if (Is("{")) {
    Body(function);
  } else {
    Node* result = Make(NodeKind::kReturn);
    result->a = Assignment();
    function->b = result;
  }
  return FinishFunction(function, start);
}

const Node* Parser::Function(bool declaration) {
  Node* function = Make(NodeKind::kFunction);
  const int start = Now().at;
  ++at_;  // function
  if (Is("*")) Fail("generators are not in the subset");
  int own_name = -1;
  if (declaration || Now().kind == TokenKind::kName) own_name = ExpectName();
  if (declaration) {
    FunctionScope().declared.insert(own_name);
    FunctionScope().vars.push_back(own_name);
  }
  OpenScope(true);
  function->symbol = own_name;
  if (!declaration && own_name >= 0) scopes_.back().declared.insert(own_name);
  Parameters(function);
  Body(function);
  const Node* finished = FinishFunction(function, start);
  if (declaration) FunctionScope().functions.push_back(finished);
  return finished;
}

// Each parameter: its symbol, and in list its default value or null; c is the rest parameter's
// node.
void Parser::Parameters(Node* function) {
  Expect("(");
  while (!Is(")")) {
    if (Take("...")) {
      Node* rest = Make(NodeKind::kName);
      rest->symbol = ExpectName();
      scopes_.back().declared.insert(rest->symbol);
      function->c = rest;
      break;
    }
    function->symbols.push_back(ExpectName());
    scopes_.back().declared.insert(function->symbols.back());
    function->list.push_back(Take("=") ? Assignment() : nullptr);
    if (!Take(",")) break;
  }
  Expect(")");
}

void Parser::Body(Node* function) {
  const int loops = std::exchange(loops_, 0), switches = std::exchange(switches_, 0);
  ++functions_;
  Expect("{");
  Node* block = Make(NodeKind::kBlock);
  Statements(block);
  Expect("}");
  --functions_;
  loops_ = loops;
  switches_ = switches;
  function->b = block;
}

const Node* Parser::FinishFunction(Node* function, int start) {
  function->at = start;
  function->end = tokens_[at_ - 1].end;
  scopes_.back().declared.insert(function->symbols.begin(), function->symbols.end());
  const int arguments = Symbol("arguments");
  if (!function->flag) scopes_.back().declared.insert(arguments);
  const Scope scope = CloseScope();
  function->locals = scope.vars;
  function->functions = scope.functions;
  return function;
}

}  // namespace aiguillage::engine::evaluator
