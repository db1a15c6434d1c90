#include "storage/dialect.h"

#include <cctype>

#include "storage/error.h"

namespace aiguillage::storage {

const Dialect& DialectFor(const std::string& url) {
  for (const Dialect* dialect : {&Sqlite(), &Postgresql()}) {
    const std::string_view scheme = dialect->scheme();
    if (url.starts_with(scheme) && url.size() > scheme.size()) return *dialect;
  }
  throw Trouble("Expected sqlite:PATH or postgresql://… for the record, but got « " +
                url.substr(0, url.find(':')) + " ».");
}

std::vector<std::string> SearchWords(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool worth = false;  // has something a tokenizer keeps: a letter, a digit, or beyond ASCII
  auto end_word = [&] {
    if (worth) words.push_back(word);
    word.clear();
    worth = false;
  };
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || c == '"') {
      end_word();
    } else {
      word += c;
      worth = worth || byte >= 0x80 || std::isalnum(byte);
    }
  }
  end_word();
  return words;
}

}  // namespace aiguillage::storage
