// Our evaluator against Node's: a seeded generator of expressions, all of them evaluated by one
// Node process (module vm) and by us. AIGUILLAGE_SEED and AIGUILLAGE_EXPRESSIONS choose which and
// how many.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <random>

#include "engine/evaluator/bridge.h"
#include "engine/evaluator/parser.h"
#include "engine/evaluator/text.h"
#include "engine/value.h"

namespace aiguillage::engine {
namespace {

using evaluator::Machine;

// A generated expression, kept as a tree so that a disagreement can be cut down to its smallest
// part.
struct Tree {
  std::string text;
  std::vector<Tree> parts;
};

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  Tree Any(int depth) {
    if (depth <= 0 || Chance(12)) return Leaf();
    switch (Pick(11)) {
      case 0:
        return Unary(depth);
      case 1:
      case 2:
      case 3:
        return Binary(depth);
      case 4:
        return Join({"(", " ? ", " : ", ")"}, {Any(depth - 1), Any(depth - 1), Any(depth - 1)});
      case 5:
        return Array(depth);
      case 6:
        return Object(depth);
      case 7:
        return Join({"(", ")", Of(kMembers)}, {Any(depth - 1)});
      case 8:
        return StringCall(depth);
      case 9:
        return ArrayCall(depth);
      default:
        return LibraryCall(depth);
    }
  }

 private:
  using Words = std::vector<const char*>;

  int Pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool Chance(int percent) { return Pick(100) < percent; }
  std::string Of(const Words& words) {
    return words[static_cast<std::size_t>(Pick(static_cast<int>(words.size())))];
  }

  // texts[0] parts[0] texts[1] parts[1] … texts[n]
  static Tree Join(const std::vector<std::string>& texts, std::vector<Tree> parts) {
    Tree tree;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      tree.text += texts[i];
      if (i < parts.size()) tree.text += parts[i].text;
    }
    tree.parts = std::move(parts);
    return tree;
  }

  Tree Leaf() { return {Of(kLeaves), {}}; }

  Tree Unary(int depth) {
    return Join({Of({"-", "+", "!", "~", "typeof ", "void ", "!!"}) + "(", ")"}, {Any(depth - 1)});
  }

  Tree Binary(int depth) {
    return Join({"(", ") " + Of(kOperators) + " (", ")"}, {Any(depth - 1), Any(depth - 1)});
  }

  Tree Array(int depth) {
    std::vector<std::string> texts = {"["};
    std::vector<Tree> parts;
    for (int n = Pick(4); n > 0; --n) {
      parts.push_back(Any(depth - 1));
      texts.push_back(n > 1 ? ", " : "");
    }
    texts.back() += "]";
    return Join(texts, std::move(parts));
  }

  Tree Object(int depth) {
    return Join({"({" + Of(kKeys) + ": ", ", " + Of(kKeys) + ": ", "})"},
                {Any(depth - 1), Any(depth - 1)});
  }

  Tree StringCall(int depth) {
    return Join({"String(", ")." + Of(kStringMethods) + "(", ", ", ")"},
                {Any(depth - 1), Any(depth - 2), Any(depth - 2)});
  }

  Tree ArrayCall(int depth) {
    Tree array = Array(depth);
    if (Chance(60)) {
      const std::string argument = Of({"x", "x, i", "x, i, all"});
      return Join({"", "." + Of(kCallbackMethods) + "((" + argument + ") => (", "))"},
                  {std::move(array), Any(depth - 2)});
    }
    if (Chance(20)) {
      return Join({"", ".reduce((x, y) => (", "), ", ")"},
                  {std::move(array), Any(depth - 2), Any(depth - 2)});
    }
    return Join({"", "." + Of(kArrayMethods) + "(", ")"}, {std::move(array), Any(depth - 2)});
  }

  Tree LibraryCall(int depth) {
    if (Chance(25))
      return Join({Of({"Math.max(", "Math.min("}), ", ", ")"}, {Any(depth - 1), Any(depth - 1)});
    return Join({Of(kFunctions) + "(", ")"}, {Any(depth - 1)});
  }

  std::mt19937 random_;
  static const Words kLeaves, kMembers, kOperators, kKeys, kStringMethods, kArrayMethods,
      kCallbackMethods, kFunctions;
};

const Generator::Words Generator::kLeaves = {"0",
                                             "1",
                                             "2",
                                             "-1",
                                             "3.7",
                                             "0.1",
                                             "1e21",
                                             "1e-7",
                                             "123456789012",
                                             "NaN",
                                             "Infinity",
                                             "-Infinity",
                                             "-0",
                                             "true",
                                             "false",
                                             "null",
                                             "undefined",
                                             "''",
                                             "'a'",
                                             "'abc'",
                                             "'été'",
                                             "' 12 '",
                                             "'0x1f'",
                                             "'1e3'",
                                             "'😀x'",
                                             "'\\n'",
                                             "'10'",
                                             "[]",
                                             "[1, 2]",
                                             "({})",
                                             "({a: 1, b: [2]})",
                                             "x",
                                             "i",
                                             "o",
                                             "s",
                                             "n",
                                             "list",
                                             "'a,b'",
                                             "[3, 1, 2]",
                                             "['b', 'a']",
                                             "nowhere",
                                             "0.5",
                                             "2.5",
                                             "-1.5"};
const Generator::Words Generator::kMembers = {".a",  ".length",  "[0]",   "['b']", "?.a?.b",
                                              "[1]", ".missing", "?.[0]", "[-1]"};
const Generator::Words Generator::kOperators = {"+",
                                                "+",
                                                "-",
                                                "*",
                                                "/",
                                                "%",
                                                "==",
                                                "!=",
                                                "===",
                                                "!==",
                                                "<",
                                                "<=",
                                                ">",
                                                ">=",
                                                "&",
                                                "|",
                                                "^",
                                                "<<",
                                                ">>",
                                                ">>>",
                                                "&&",
                                                "||",
                                                "\?\?",
                                                "in",
                                                "instanceof Array || ",
                                                "instanceof Object && "};
const Generator::Words Generator::kKeys = {"a", "b", "'c'", "1", "length", "[x]", "'é'"};
const Generator::Words Generator::kStringMethods = {
    "charAt", "charCodeAt", "indexOf",   "lastIndexOf", "includes",    "startsWith", "endsWith",
    "slice",  "substring",  "substr",    "toUpperCase", "toLowerCase", "trim",       "split",
    "concat", "at",         "trimStart", "trimEnd",     "replace"};
const Generator::Words Generator::kArrayMethods = {
    "join", "indexOf", "includes", "concat", "slice", "lastIndexOf",   "reverse",  "at",
    "push", "unshift", "pop",      "shift",  "flat",  "sort().concat", "toString", "fill"};
const Generator::Words Generator::kCallbackMethods = {"map",  "filter",    "some",   "every",
                                                      "find", "findIndex", "forEach"};
const Generator::Words Generator::kFunctions = {
    "String",        "Number",        "Boolean",          "Math.abs",
    "Math.floor",    "Math.ceil",     "Math.round",       "Math.trunc",
    "Math.sign",     "Math.sqrt",     "parseInt",         "parseFloat",
    "isNaN",         "isFinite",      "Number.isInteger", "Array.isArray",
    "Object.keys",   "Object.values", "Object.entries",   "JSON.stringify",
    "Number.isNaN",  "Array.of",      "(2.345).toFixed",  "(1234.5678).toPrecision",
    "(255).toString"};

const char* const kPrelude =
    "var x = 5, i = 0, n = -2.5, s = 'Élan', o = {a: {b: 1}, b: 'x', c: null}, "
    "list = [1, 'deux', null, [4]];";

std::string FormText(const std::string& text) {
  std::string out = "\"";
  char hex[16];
  for (char16_t c : evaluator::ToUtf16(text)) {
    if (c >= 32 && c < 127 && c != '"' && c != '\\') {
      out.push_back(static_cast<char>(c));
    } else {
      std::snprintf(hex, sizeof hex, "\\u%x", static_cast<unsigned>(c));
      out += hex;
    }
  }
  return out + "\"";
}

std::string Form(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kUndefined:
      return "undefined";
    case Value::Kind::kNull:
      return "null";
    case Value::Kind::kBoolean:
      return value.boolean() ? "true" : "false";
    case Value::Kind::kNumber:
      if (value == Value::Number(-0.0)) return "-0";
      return evaluator::FromNumber(value.number());
    case Value::Kind::kString:
      return FormText(value.text());
    case Value::Kind::kArray: {
      std::string out = "[";
      for (const Value& item : value.items()) out += (out.size() > 1 ? "," : "") + Form(item);
      return out + "]";
    }
    case Value::Kind::kObject: {
      std::string out = "{";
      for (const auto& [key, item] : value.entries()) {
        out += (out.size() > 1 ? "," : "") + FormText(key) + ":" + Form(item);
      }
      return out + "}";
    }
    default:
      return "function";
  }
}

// The variables of the prelude, made by our own evaluator.
class Names : public evaluator::Globals {
 public:
  bool Read(Machine& machine, const evaluator::Program& program, int symbol,
            evaluator::Cell& value) override {
    const auto found = values_.find(program.symbols[static_cast<std::size_t>(symbol)]);
    if (found == values_.end()) return false;
    auto& [held, cell] = found->second;
    if (!held)
      cell =
          evaluator::Thaw(machine, Value::FromPlain(nlohmann::json::parse(kData).at(found->first)));
    held = true;
    return value = cell, true;
  }
  Written Write(const evaluator::Program&, int, const evaluator::Cell&) override {
    return Written::kUndeclared;
  }

 private:
  static constexpr const char* kData =
      R"({"x":5,"i":0,"n":-2.5,"s":"Élan","o":{"a":{"b":1},"b":"x","c":null},"list":[1,"deux",null,[4]]})";
  std::map<std::string, std::pair<bool, evaluator::Cell>> values_ = {
      {"x", {}}, {"i", {}}, {"n", {}}, {"s", {}}, {"o", {}}, {"list", {}}};
};

std::string Ours(const std::string& expression) {
  evaluator::Heap heap;
  Names names;
  const Limits limits;
  Machine machine(heap, names, limits);
  try {
    const auto program = evaluator::Parse(expression, false);
    return Form(evaluator::Freeze(machine, machine.Evaluate(*program)));
  } catch (const evaluator::SyntaxError& error) {
    return std::string("syntax: ") + error.what();
  } catch (const std::runtime_error&) {
    return "throws";
  }
}

std::vector<std::string> Nodes(const std::vector<std::string>& expressions) {
  const auto folder = std::filesystem::temp_directory_path() /
                      ("aiguillage-differential-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  {
    std::ofstream in(folder / "in");
    for (const std::string& text : expressions) in << nlohmann::json(text).dump() << "\n";
  }
  const std::string command = "node '" AIGUILLAGE_SOURCE_DIR "/tests/engine/differential.cjs' '" +
                              (folder / "in").string() + "' '" + (folder / "out").string() +
                              "' \"" + kPrelude + "\"";
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::vector<std::string> answers;
  std::ifstream out(folder / "out");
  for (std::string line; std::getline(out, line);) answers.push_back(line);
  std::filesystem::remove_all(folder);
  return answers;
}

void Flatten(const Tree& tree, std::vector<std::string>& into) {
  for (const Tree& part : tree.parts) Flatten(part, into);
  into.push_back(tree.text);
}

// The shortest part of a tree on which the two disagree.
std::string Smallest(const Tree& tree) {
  std::vector<std::string> parts;
  Flatten(tree, parts);
  const std::vector<std::string> theirs = Nodes(parts);
  std::string smallest = tree.text;
  for (std::size_t i = 0; i < parts.size() && i < theirs.size(); ++i) {
    if (parts[i].size() < smallest.size() && Ours(parts[i]) != theirs[i]) smallest = parts[i];
  }
  return smallest;
}

unsigned FromEnvironment(const char* name, unsigned otherwise) {
  const char* set = std::getenv(name);
  return set ? static_cast<unsigned>(std::strtoul(set, nullptr, 10)) : otherwise;
}

TEST(Differential, AgreesWithNode) {
  if (std::system("node --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "no node to compare with";
  const unsigned seed = FromEnvironment(
      "AIGUILLAGE_SEED",
      static_cast<unsigned>(std::chrono::system_clock::now().time_since_epoch().count()));
  const unsigned count = FromEnvironment("AIGUILLAGE_EXPRESSIONS", 100'000);
  std::cout << "AIGUILLAGE_SEED=" << seed << ", " << count << " expressions" << std::endl;
  Generator generator(seed);
  std::vector<Tree> trees;
  std::vector<std::string> texts;
  for (unsigned k = 0; k < count; ++k) {
    trees.push_back(generator.Any(4));
    texts.push_back(trees.back().text);
  }
  const std::vector<std::string> theirs = Nodes(texts);
  ASSERT_EQ(theirs.size(), texts.size());
  int shown = 0;
  for (std::size_t k = 0; k < texts.size() && shown < 10; ++k) {
    if (Ours(texts[k]) == theirs[k]) continue;
    const std::string smallest = Smallest(trees[k]);
    ++shown;
    ADD_FAILURE() << smallest << "\n  ours  " << Ours(smallest) << "\n  node  "
                  << Nodes({smallest}).at(0) << "\n  (number " << k << ")";
  }
}

}  // namespace
}  // namespace aiguillage::engine
