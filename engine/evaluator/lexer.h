// Cuts a source into tokens. All at once: the parser looks ahead to tell (a, b) from (a, b) =>.
//
//   Tokens("a >= 'x'")   name "a", punctuator ">=", string "x", end
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace aiguillage::engine::evaluator {

enum class TokenKind { kEnd, kNumber, kString, kTemplate, kName, kKeyword, kPunctuator };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;  // cooked for strings
  double number = 0;
  int at = 0;
  int end = 0;
  bool newline_before = false;
  int match = -1;                          // of ( [ {: the token that closes it
  std::vector<std::string> pieces;         // of a template: its texts …
  std::vector<std::pair<int, int>> holes;  // … and where its expressions are, one less
};

struct SyntaxError : std::runtime_error {
  SyntaxError(int offset, const std::string& what) : std::runtime_error(what), at(offset) {}
  int at;
};

constexpr int kNesting = 200;  // brackets inside brackets

std::vector<Token> Tokens(std::string_view source, int from, int to);

}  // namespace aiguillage::engine::evaluator
