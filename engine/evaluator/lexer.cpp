#include "engine/evaluator/lexer.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "engine/evaluator/text.h"

namespace aiguillage::engine::evaluator {

namespace {

constexpr std::array kKeywords = {
    "break", "case",   "catch",   "const", "continue", "debugger", "default", "delete",     "do",
    "else",  "false",  "finally", "for",   "function", "if",       "in",      "instanceof", "new",
    "null",  "return", "switch",  "this",  "throw",    "true",     "try",     "typeof",     "var",
    "void",  "while",  "with",    "class", "super",    "extends",  "import",  "export",     "enum"};

constexpr std::array kPunctuators = {">>>=",
                                     "...",
                                     "===",
                                     "!==",
                                     "**=",
                                     "<<=",
                                     ">>=",
                                     ">>>",
                                     "&&=",
                                     "||=",
                                     "?"
                                     "?=",
                                     "=>",
                                     "==",
                                     "!=",
                                     "<=",
                                     ">=",
                                     "&&",
                                     "||",
                                     "??",
                                     "?.",
                                     "++",
                                     "--",
                                     "+=",
                                     "-=",
                                     "*=",
                                     "/=",
                                     "%=",
                                     "&=",
                                     "|=",
                                     "^=",
                                     "<<",
                                     ">>",
                                     "**",
                                     "{",
                                     "}",
                                     "(",
                                     ")",
                                     "[",
                                     "]",
                                     ";",
                                     ",",
                                     "<",
                                     ">",
                                     "+",
                                     "-",
                                     "*",
                                     "/",
                                     "%",
                                     "&",
                                     "|",
                                     "^",
                                     "!",
                                     "~",
                                     "?",
                                     ":",
                                     "=",
                                     "."};

bool NameStart(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || c == '$';
}
bool NamePart(char c) { return NameStart(c) || (c >= '0' && c <= '9'); }

// The letters of Latin-1 and Latin Extended-A and -B, of two bytes each.
bool IsLatinLetter(std::string_view text) {
  if (text.size() < 2 || !(text[0] >= '\xC2' && text[0] <= '\xC9')) return false;
  const char16_t c = ToUtf16(text.substr(0, 2))[0];
  return c == 0xAA || c == 0xB5 || c == 0xBA || (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7);
}

class Lexer {
 public:
  Lexer(std::string_view source, int from, int to)
      : source_(source), at_(static_cast<std::size_t>(from)), end_(static_cast<std::size_t>(to)) {}

  std::vector<Token> All() {
    for (;;) {
      Token token;
      token.newline_before = SkipSpace();
      token.at = static_cast<int>(at_);
      if (at_ >= end_) {
        token.end = token.at;
        tokens_.push_back(std::move(token));
        break;
      }
      Read(token);
      token.end = static_cast<int>(at_);
      tokens_.push_back(std::move(token));
      Match();
    }
    if (!open_.empty()) {
      Fail(tokens_[open_.back()].at, "'" + tokens_[open_.back()].text + "' is never closed");
    }
    return std::move(tokens_);
  }

 private:
  [[noreturn]] static void Fail(std::size_t at, const std::string& what) {
    throw SyntaxError(static_cast<int>(at), what);
  }
  [[noreturn]] static void Fail(int at, const std::string& what) { throw SyntaxError(at, what); }

  char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < end_ ? source_[at_ + ahead] : '\0';
  }

  // How many bytes the end of a line has here, 0 when there is none.
  std::size_t LineEnd() const {
    const std::string_view rest = source_.substr(at_, std::min<std::size_t>(3, end_ - at_));
    if (rest == "\u2028" || rest == "\u2029") return 3;
    if (rest.starts_with("\r\n")) return 2;
    return rest.starts_with('\n') || rest.starts_with('\r') ? 1 : 0;
  }

  bool SkipSpace() {
    bool newline = tokens_.empty();
    while (at_ < end_) {
      const std::string_view rest = source_.substr(at_, end_ - at_);
      if (rest.starts_with("<!--") || (newline && rest.starts_with("-->"))) {
        Fail(at_, "a comment as in HTML is not in the subset");
      }
      if (rest.starts_with("//")) {
        while (at_ < end_ && LineEnd() == 0) ++at_;
      } else if (rest.starts_with("/*")) {
        const std::size_t close = rest.find("*/", 2);
        if (close == std::string_view::npos) Fail(at_, "a comment is never closed");
        for (const std::size_t end = at_ + close; at_ < end; ++at_) newline |= LineEnd() > 0;
        at_ += 2;
      } else {
        const std::string_view chunk = rest.substr(0, 4);
        const std::size_t skip = chunk.size() - Trimmed(chunk, true, false).size();
        if (skip == 0) break;
        for (const std::size_t end = at_ + skip; at_ < end; ++at_) newline |= LineEnd() > 0;
      }
    }
    return newline;
  }

  void Read(Token& token) {
    const char c = Peek();
    if (NameStart(c) || static_cast<unsigned char>(c) >= 0x80) return ReadName(token);
    if (std::isdigit(static_cast<unsigned char>(c)) ||
        (c == '.' && std::isdigit(static_cast<unsigned char>(Peek(1))))) {
      return ReadNumber(token);
    }
    if (c == '\'' || c == '"') return ReadString(token);
    if (c == '`') return ReadTemplate(token);
    for (const char* punctuator : kPunctuators) {
      if (source_.substr(at_, end_ - at_).starts_with(punctuator)) {
        token.kind = TokenKind::kPunctuator;
        token.text = punctuator;
        // a?.5:b is a conditional
        if (token.text == "?." && std::isdigit(static_cast<unsigned char>(Peek(2)))) {
          token.text = "?";
        }
        at_ += token.text.size();
        return;
      }
    }
    Fail(at_, std::string("unexpected character '") + c + "'");
  }

  void ReadName(Token& token) {
    const std::size_t start = at_;
    for (;;) {
      const std::string_view rest = source_.substr(at_, end_ - at_);
      if (rest.empty() || (!NamePart(rest[0]) && !IsLatinLetter(rest))) break;
      at_ += NamePart(rest[0]) ? 1 : 2;
    }
    const bool letter = static_cast<unsigned char>(Peek()) >= 0x80 &&
                        Trimmed(source_.substr(at_, 4), true, false).size() >=
                            std::min<std::size_t>(4, source_.size() - at_);
    if (letter || Peek() == '\\') Fail(at_, "this letter is not in the subset");
    token.text = source_.substr(start, at_ - start);
    const bool keyword =
        std::find(kKeywords.begin(), kKeywords.end(), token.text) != kKeywords.end();
    token.kind = keyword ? TokenKind::kKeyword : TokenKind::kName;
  }

  void ReadNumber(Token& token) {
    const std::size_t start = at_;
    token.kind = TokenKind::kNumber;
    if (Peek() == '0' && std::isalpha(static_cast<unsigned char>(Peek(1))) &&
        (Peek(1) | 32) != 'e') {
      at_ += 2;
      while (std::isalnum(static_cast<unsigned char>(Peek()))) ++at_;
    } else {
      if (Peek() == '0' && std::isdigit(static_cast<unsigned char>(Peek(1)))) {
        Fail(at_, "a number cannot begin with 0");
      }
      Digits();
      if (Peek() == '.') ++at_, Digits();
      if ((Peek() | 32) == 'e') {
        ++at_;
        if (Peek() == '+' || Peek() == '-') ++at_;
        if (!std::isdigit(static_cast<unsigned char>(Peek())))
          Fail(at_, "an exponent needs digits");
        Digits();
      }
    }
    token.text = source_.substr(start, at_ - start);
    token.number = ToNumber(token.text);
    if (Peek() == 'n' || Peek() == '_' ||
        (token.number != token.number && token.text.back() == 'n')) {
      Fail(start, "a number with n or _ is not in the subset");
    }
    if (token.number != token.number || NameStart(Peek())) Fail(start, "this is not a number");
  }

  void Digits() {
    while (std::isdigit(static_cast<unsigned char>(Peek()))) ++at_;
  }

  void ReadString(Token& token) {
    const char quote = source_[at_];
    const std::size_t start = at_++;
    token.kind = TokenKind::kString;
    std::u16string units;
    std::string plain;
    for (;; ++at_) {
      if (at_ >= end_ || source_[at_] == '\n' || source_[at_] == '\r') {
        Fail(start, "a string is never closed");
      }
      if (source_[at_] == quote) break;
      if (source_[at_] == '\\') {
        Escape(plain);
      } else {
        plain.push_back(source_[at_]);
      }
    }
    ++at_;
    token.text = FromUtf16(ToUtf16(plain));  // joins the halves that two \u made
  }

  // at_ is on the backslash; leaves it on the last character of the escape.
  void Escape(std::string& out) {
    ++at_;
    if (const std::size_t line = at_ < end_ ? LineEnd() : 0) {
      at_ += line - 1;
      return;
    }
    switch (Peek()) {
      case 'n':
        out.push_back('\n');
        return;
      case 't':
        out.push_back('\t');
        return;
      case 'r':
        out.push_back('\r');
        return;
      case 'b':
        out.push_back('\b');
        return;
      case 'f':
        out.push_back('\f');
        return;
      case 'v':
        out.push_back('\v');
        return;
      case 'x':
        return Hex(out, 2);
      case 'u':
        return Hex(out, 4);
      case '0':
        if (!std::isdigit(static_cast<unsigned char>(Peek(1)))) return out.push_back('\0');
        [[fallthrough]];
      default:
        if (at_ >= end_ || std::isdigit(static_cast<unsigned char>(Peek()))) {
          Fail(at_, "this escape is not in the subset");
        }
        out.push_back(Peek());
    }
  }

  void Hex(std::string& out, std::size_t count) {
    std::string_view digits = source_.substr(at_ + 1, end_ - at_ - 1).substr(0, count);
    std::size_t skip = count;
    if (count == 4 && Peek(1) == '{') {
      const std::size_t close = source_.find('}', at_);
      if (close == std::string_view::npos || close >= end_) Fail(at_, "\\u{ is never closed");
      digits = source_.substr(at_ + 2, close - at_ - 2);
      skip = close - at_;
    } else if (digits.size() < count) {
      Fail(at_, "an escape needs " + std::to_string(count) + " hexadecimal digits");
    }
    const bool hexadecimal =
        std::all_of(digits.begin(), digits.end(), [](unsigned char c) { return std::isxdigit(c); });
    const double code = hexadecimal ? ToNumber("0x" + std::string(digits)) : -1;
    if (!(code >= 0 && code <= 0x10FFFF)) Fail(at_, "an escape needs hexadecimal digits");
    const auto c = static_cast<char32_t>(code);
    if (c < 0x10000) {
      out += FromUtf16(std::u16string(1, static_cast<char16_t>(c)));
    } else {
      out += FromUtf16(std::u16string{static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10)),
                                      static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF))});
    }
    at_ += skip;
  }

  void ReadTemplate(Token& token) {
    const std::size_t start = at_++;
    token.kind = TokenKind::kTemplate;
    std::string piece;
    for (;; ++at_) {
      if (at_ >= end_) Fail(start, "a template is never closed");
      if (source_[at_] == '`') break;
      if (source_[at_] == '\\') {
        Escape(piece);
      } else if (source_[at_] == '$' && Peek(1) == '{') {
        token.pieces.push_back(std::move(piece));
        piece.clear();
        at_ += 2;
        const std::size_t from = at_;
        SkipHole(start);
        token.holes.emplace_back(static_cast<int>(from), static_cast<int>(at_));
      } else if (source_[at_] == '\r') {
        piece.push_back('\n');
        at_ += LineEnd() - 1;
      } else {
        piece.push_back(source_[at_]);
      }
    }
    ++at_;
    token.pieces.push_back(std::move(piece));
  }

  // Up to the } that closes the hole; strings inside are jumped over, templates are refused.
  void SkipHole(std::size_t start) {
    int depth = 0;
    for (;; ++at_) {
      if (at_ >= end_) Fail(start, "a template is never closed");
      const char c = source_[at_];
      if (c == '`') Fail(at_, "a template inside a template is not in the subset");
      if (c == '/' && (Peek(1) == '/' || Peek(1) == '*')) {
        Fail(at_, "a comment inside a template is not in the subset");
      }
      if (c == '\'' || c == '"') {
        Token skipped;
        ReadString(skipped);
        --at_;
      } else if (c == '{') {
        ++depth;
      } else if (c == '}' && depth-- == 0) {
        return;
      }
    }
  }

  void Match() {
    const Token& token = tokens_.back();
    if (token.kind != TokenKind::kPunctuator) return;
    const std::string& text = token.text;
    if (text == "(" || text == "[" || text == "{") {
      open_.push_back(tokens_.size() - 1);
      if (open_.size() > kNesting) Fail(token.at, "brackets are nested more than 200 deep");
    } else if (text == ")" || text == "]" || text == "}") {
      const char opens = text == ")" ? '(' : text == "]" ? '[' : '{';
      if (open_.empty() || tokens_[open_.back()].text[0] != opens) {
        Fail(token.at, "'" + text + "' closes nothing");
      }
      tokens_[open_.back()].match = static_cast<int>(tokens_.size() - 1);
      open_.pop_back();
    }
  }

  std::string_view source_;
  std::size_t at_;
  std::size_t end_;
  std::vector<Token> tokens_;
  std::vector<std::size_t> open_;
};

}  // namespace

std::vector<Token> Tokens(std::string_view source, int from, int to) {
  return Lexer(source, from, to).All();
}

}  // namespace aiguillage::engine::evaluator
