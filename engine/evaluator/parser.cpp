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
  Publish(CloseScope());
  return root;
}

const Node* Parser::WholeScript() {
  Node* block = Make(NodeKind::kBlock);
  Statements(block);
  if (Now().kind != TokenKind::kEnd) Fail("expected a statement");
  const Scope scope = CloseScope();
  for (int symbol : scope.names) {
    program_.declared.push_back(program_.symbols[static_cast<std::size_t>(symbol)]);
  }
  Publish(scope);
  return block;
}

// What it uses and does not make itself, each once.
void Parser::Publish(const Scope& scope) {
  std::set<std::string_view> names, paths;
  for (const auto& [symbol, path] : scope.uses) {
    if (scope.declared.count(symbol)) continue;
    const std::string& name = program_.symbols[static_cast<std::size_t>(symbol)];
    if (names.insert(name).second) program_.free.push_back(name);
    if (paths.insert(path).second) program_.paths.push_back(path);
  }
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
  if (name == "arguments" || name == "eval") Refuse("'" + name + "'");
  const auto [found, added] =
      program_.symbol_of.emplace(name, static_cast<int>(program_.symbols.size()));
  if (added) program_.symbols.push_back(name);
  return found->second;
}

int Parser::ExpectName() {
  if (Is("{") || Is("[")) Fail("expected a name (destructuring is not in the subset)");
  if (Now().kind != TokenKind::kName) Fail("expected a name");
  if (IsWord("undefined")) Refuse("'undefined' as a name");
  return Symbol(tokens_[at_++].text);
}

void Parser::Use(int symbol, const std::string& path) {
  scopes_.back().uses.emplace_back(symbol, path);
}

void Parser::OpenScope(bool function) {
  scopes_.push_back(Scope{.function = function, .opened = at_});
}

bool Parser::InBody() const { return scopes_.size() > 1 && scopes_[scopes_.size() - 2].function; }

void Parser::DeclareVar(int symbol) {
  auto scope = scopes_.rbegin();
  for (;; ++scope) {
    if (scope->lexical.count(symbol)) Fail("this name is already declared");
    if (scope->function) break;
  }
  scope->declared.insert(symbol);
  if (scope->vars.insert_or_assign(symbol, at_).second) scope->names.push_back(symbol);
}

bool Parser::HoldsVar(const Scope& scope, int symbol) const {
  const auto function =
      std::find_if(scopes_.rbegin(), scopes_.rend(), [](const Scope& one) { return one.function; });
  const auto last = function->vars.find(symbol);
  return last != function->vars.end() && last->second >= scope.opened;
}

void Parser::DeclareLexical(int symbol) {
  if (InBody() && program_.script && scopes_.size() == 2) {
    Refuse("let or const at the top of a script");
  }
  Scope& scope = scopes_.back();
  const bool taken = scopes_.size() > 1 && scopes_[scopes_.size() - 2].parameters.count(symbol) > 0;
  if (taken || HoldsVar(scope, symbol) || !scope.declared.insert(symbol).second) {
    Fail("this name is already declared");
  }
  scope.lexical.insert(symbol);
  scope.names.push_back(symbol);
}

// At the outermost of a function or script as var, the last of a name; in a block as let.
void Parser::DeclareFunction(const Node* function) {
  const int symbol = function->symbol;
  Scope& scope = scopes_.back();
  if (program_.script && scopes_.size() == 2) DeclareVar(symbol);
  const bool again = !scope.declared.insert(symbol).second;
  if (InBody() ? scope.lexical.count(symbol) > 0 : again || HoldsVar(scope, symbol)) {
    Fail("this name is already declared");
  }
  if (!InBody()) scope.lexical.insert(symbol);
  if (again) {
    std::erase_if(scope.functions, [&](const Node* other) { return other->symbol == symbol; });
  }
  scope.functions.push_back(function);
}

void Parser::DeclareParameter(int symbol) {
  if (!scopes_.back().parameters.insert(symbol).second) Fail("this name is already declared");
  scopes_.back().declared.insert(symbol);
}

Parser::Scope Parser::CloseScope() {
  Scope scope = std::move(scopes_.back());
  scopes_.pop_back();
  if (scopes_.empty()) return scope;
  for (auto& use : scope.uses) {
    if (!scope.declared.count(use.first)) scopes_.back().uses.push_back(std::move(use));
  }
  return scope;
}

bool Parser::ArrowAhead() const {
  if (Now().kind == TokenKind::kName) {
    return Ahead(1).kind == TokenKind::kPunctuator && Ahead(1).text == "=>" &&
           !Ahead(1).newline_before;
  }
  if (!Is("(")) return false;
  const std::size_t after = static_cast<std::size_t>(Now().match) + 1;
  return after < tokens_.size() && tokens_[after].kind == TokenKind::kPunctuator &&
         tokens_[after].text == "=>" && !tokens_[after].newline_before;
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
    DeclareParameter(function->symbols[0]);
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
  const bool named = declaration || Now().kind == TokenKind::kName;
  if (named) function->symbol = ExpectName();
  OpenScope(true);
  Parameters(function);
  Body(function);
  FinishFunction(function, start, named && !declaration);
  if (declaration) DeclareFunction(function);
  return function;
}

// Each parameter: its symbol, and in list its default value or null; c is the rest parameter's
// node.
void Parser::Parameters(Node* function) {
  Expect("(");
  while (!Is(")")) {
    if (Take("...")) {
      Node* rest = Make(NodeKind::kName);
      rest->symbol = ExpectName();
      DeclareParameter(rest->symbol);
      function->c = rest;
      break;
    }
    function->symbols.push_back(ExpectName());
    DeclareParameter(function->symbols.back());
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

// Without default values a parameter declared again by var is the same variable.
const Node* Parser::FinishFunction(Node* function, int start, bool named) {
  function->at = start;
  function->end = tokens_[at_ - 1].end;
  Scope& inside = scopes_.back();
  const auto& given = function->list;
  const bool defaults =
      std::any_of(given.begin(), given.end(), [](const Node* value) { return value; });
  if (!defaults) function->list.clear();
  for (int name : inside.names) {
    if (defaults || !inside.parameters.count(name)) function->locals.push_back(name);
  }
  if (named) function->bound = inside.declared.insert(function->symbol).second;
  CloseScope();
  return function;
}

}  // namespace aiguillage::engine::evaluator
