// The leaves of expressions: literals, names, brackets, functions.
#include "engine/evaluator/parser.h"
#include "engine/evaluator/parser_depth.h"
#include "engine/evaluator/text.h"

namespace aiguillage::engine::evaluator {

const Node* Parser::Primary() {
  const Token& token = Now();
  switch (token.kind) {
    case TokenKind::kNumber: {
      Node* node = Make(NodeKind::kNumber);
      node->number = token.number;
      ++at_;
      return node;
    }
    case TokenKind::kString: {
      Node* node = Make(NodeKind::kString);
      node->text.text = token.text;
      ++at_;
      return node;
    }
    case TokenKind::kTemplate:
      return TemplateLiteral();
    case TokenKind::kName:
      return Name();
    case TokenKind::kKeyword: {
      if (token.text == "function") return Function(false);
      const NodeKind kind = token.text == "true"    ? NodeKind::kTrue
                            : token.text == "false" ? NodeKind::kFalse
                            : token.text == "null"  ? NodeKind::kNull
                            : token.text == "this"  ? NodeKind::kThis
                                                    : NodeKind::kEmpty;
      if (token.text == "class" || token.text == "super" || token.text == "import") {
        Refuse("'" + token.text + "'");
      }
      if (kind == NodeKind::kEmpty) Fail("expected an expression");
      const Node* node = Make(kind);
      ++at_;
      return node;
    }
    default:
      break;
  }
  if (Is("[")) return ArrayLiteral();
  if (Is("{")) return ObjectLiteral();
  if (Is("/") || Is("/=")) Fail("regular expressions are not in the subset");
  if (!Take("(")) Fail("expected an expression");
  const Node* inside = Expression();
  Expect(")");
  bracketed_.insert(inside);  // (-a) ** b is legal, -a ** b is not
  return inside;
}

const Node* Parser::Name() {
  const Token& token = Now();
  Node* node = Make(token.text == "undefined" ? NodeKind::kUndefined : NodeKind::kName);
  if (node->kind == NodeKind::kName) node->symbol = Symbol(token.text);
  ++at_;
  return node;
}

const Node* Parser::TemplateLiteral() {
  Node* node = Make(NodeKind::kTemplate);
  const Token token = tokens_[at_++];
  for (std::size_t i = 0; i < token.pieces.size(); ++i) {
    Node* piece = Make(NodeKind::kString);
    piece->text.text = FromUtf16(ToUtf16(token.pieces[i]));
    node->list.push_back(piece);
    if (i == token.holes.size()) break;
    const Deeper deeper(*this);
    Parser hole(program_, token.holes[i].first, token.holes[i].second);
    hole.depth_ = depth_;
    node->list.push_back(hole.Expression());
    if (hole.Now().kind != TokenKind::kEnd) hole.Fail("expected '}'");
    for (const auto& use : hole.scopes_.back().uses) scopes_.back().uses.push_back(use);
  }
  return node;
}

const Node* Parser::ArrayLiteral() {
  Node* node = Make(NodeKind::kArray);
  Expect("[");
  while (!Is("]")) {
    if (Is(",")) {
      node->list.push_back(Make(NodeKind::kHole));
    } else if (Is("...")) {
      Node* spread = Make(NodeKind::kSpread);
      ++at_;
      spread->a = Assignment();
      node->list.push_back(spread);
    } else {
      node->list.push_back(Assignment());
    }
    if (!Take(",")) break;
  }
  Expect("]");
  return node;
}

const Node* Parser::ObjectLiteral() {
  Node* node = Make(NodeKind::kObject);
  Expect("{");
  while (!Is("}")) {
    node->list.push_back(Property());
    if (!Take(",")) break;
  }
  Expect("}");
  return node;
}

// key: value | [computed]: value | shorthand | ...spread | method() {}
const Node* Parser::Property() {
  Node* property = Make(NodeKind::kProperty);
  if (Take("...")) {
    property->kind = NodeKind::kSpread;
    property->a = Assignment();
    return property;
  }
  const Token token = Now();
  const Token& next = Ahead(1);
  const bool word = next.kind == TokenKind::kPunctuator && next.text != "[" && next.text != "*";
  const bool accessor = IsWord("get") || IsWord("set") || IsWord("async");
  if (Is("*") || (accessor && !word)) Refuse("a getter, a setter or a generator");
  if (Take("[")) {
    property->a = Assignment();
    Expect("]");
  } else if (token.kind == TokenKind::kNumber) {
    property->text.text = FromNumber(token.number);
    ++at_;
  } else if (token.kind == TokenKind::kString || token.kind == TokenKind::kName ||
             token.kind == TokenKind::kKeyword) {
    property->text.text = token.text;
    ++at_;
  } else {
    Fail("expected a property's name");
  }
  if (Is("(")) {
    Node* function = Make(NodeKind::kFunction);
    function->brackets = Now().at;
    OpenScope(true);
    Parameters(function);
    Body(function);
    FinishFunction(function, token.at);
    property->b = function;
  } else if (Take(":")) {
    if (!property->a && property->text.text == "__proto__") Refuse("__proto__");
    property->b = Assignment();
  } else if (token.kind == TokenKind::kName) {
    Node* name = Make(token.text == "undefined" ? NodeKind::kUndefined : NodeKind::kName);
    if (name->kind == NodeKind::kName) {
      name->symbol = Symbol(token.text);
      Use(name->symbol, token.text);
    }
    property->b = name;
  } else {
    Fail("expected ':'");
  }
  return property;
}

}  // namespace aiguillage::engine::evaluator
