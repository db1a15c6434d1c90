// Makes the syntax tree. Throws SyntaxError with the offset and what was expected.
//
//   Parse("a + 1", false)->root      kBinary(+) a: kName "a", b: kNumber 1
//
// A source means what it means in strict mode, or is refused. Refused are what strict mode refuses
// - but its reserved words stay names - and, with « not in the subset » in the sentence: regular
// expressions, classes, destructuring, getters, labels, generators, async, arguments, big integers,
// import, templates in templates, names with letters beyond U+024F, let and const at the top of a
// script, whose variables are the document's.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/evaluator/ast.h"
#include "engine/evaluator/lexer.h"

namespace aiguillage::engine::evaluator {

std::shared_ptr<Program> Parse(std::string_view source, bool script);

class Parser {
 public:
  Parser(Program& program, int from, int to);
  const Node* WholeExpression();
  const Node* WholeScript();

 private:
  // Names used inside a function or block, until it is known what it declares.
  struct Scope {
    bool function = false;
    std::set<int> declared = {};
    std::set<int> parameters = {};         // among them; the caught name too
    std::set<int> lexical = {};            // among them: let and const, functions in a block
    std::size_t opened = 0;                // at which token
    std::map<int, std::size_t> vars = {};  // of a function: where each was declared last
    std::vector<std::pair<int, std::string>> uses = {};
    std::vector<int> names = {};  // var (function), let and const (block)
    std::vector<const Node*> functions = {};
  };
  struct Deeper;

  const Token& Now() const { return tokens_[at_]; }
  const Token& Ahead(std::size_t n) const;
  bool Is(std::string_view punctuator) const;
  bool IsKeyword(std::string_view word) const;
  bool IsWord(std::string_view word) const;  // a name that is special in one place only: of, let
  bool Take(std::string_view punctuator);
  bool TakeKeyword(std::string_view word);
  void Expect(std::string_view punctuator);
  [[noreturn]] void Fail(const std::string& what) const;
  [[noreturn]] void Refuse(const std::string& what) const { Fail(what + " is not in the subset"); }
  std::string Shown() const;

  Node* Make(NodeKind kind);
  int Symbol(const std::string& name);
  int ExpectName();
  void Use(int symbol, const std::string& path);
  void UsePath(const Node* node);
  void Publish(const Scope& scope);
  void DeclareVar(int symbol);
  bool HoldsVar(const Scope& scope, int symbol) const;  // declared inside it, further in or not
  void DeclareLexical(int symbol);
  void DeclareFunction(const Node* function);
  void DeclareParameter(int symbol);
  bool InBody() const;  // at the outermost of a function or script
  void OpenScope(bool function);
  Scope CloseScope();

  const Node* Expression(bool allow_in = true);
  const Node* Assignment(bool allow_in = true);
  const Node* Conditional(bool allow_in);
  const Node* Binary(int precedence, bool allow_in);
  const Node* Unary();
  const Node* Postfix();
  const Node* CallOrMember();
  const Node* MemberOf(const Node* object, bool optional);
  const Node* NewExpression();
  const Node* Primary();
  const Node* Name();
  const Node* TemplateLiteral();
  const Node* ArrayLiteral();
  const Node* ObjectLiteral();
  const Node* Property();
  std::vector<const Node*> Arguments();
  bool ArrowAhead() const;
  const Node* Arrow();
  const Node* Function(bool declaration);
  void Parameters(Node* function);
  void Body(Node* function);
  const Node* FinishFunction(Node* function, int start, bool named = false);
  void CheckTarget(const Node* target) const;

  void CheckAsync() const;

  const Node* Statement();
  const Node* Substatement();
  const Node* Declaration(bool allow_in);
  const Node* BlockStatement();
  void Statements(Node* block);  // up to } or the end
  void StatementList(Node* block);
  void FinishBlock(Node* block);
  const Node* If();
  const Node* For();
  const Node* ForEach(Node* loop, const Node* head, NodeKind kind);
  const Node* While();
  const Node* Do();
  const Node* Switch();
  const Node* Try();
  const Node* Jump(NodeKind kind);
  void EndOfStatement();

  Program& program_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int functions_ = 0;
  int loops_ = 0;
  int switches_ = 0;
  std::vector<Scope> scopes_;
  std::set<const Node*> bracketed_;
};

}  // namespace aiguillage::engine::evaluator
