// Our evaluator against Node's: a seeded generator of expressions, all of them evaluated by one
// Node process (module vm) and by us. AIGUILLAGE_SEED and AIGUILLAGE_EXPRESSIONS choose which and
// how many. Ours may refuse what is not in the subset, and must say so; it may not answer
// otherwise.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

#include "engine/evaluator/bridge.h"
#include "engine/evaluator/library.h"
#include "engine/evaluator/parser.h"
#include "engine/evaluator/text.h"
#include "tests/engine/expression_generator.h"

namespace aiguillage::engine {
namespace {

using evaluator::Cell;
using evaluator::Machine;

const std::vector<std::pair<std::string, std::string>> kVariables = {
    {"x", "5"},
    {"i", "0"},
    {"n", "-2.5"},
    {"s", "'Élan'"},
    {"o", "({a: {b: 1}, b: 'x', c: null})"},
    {"list", "[1, 'deux', null, [4]]"},
    {"gaps", "[3, , 1]"},
    {"f", "(a, b = 2) => [a, b]"}};

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

// Of what holds itself, or one thing many times, there is no form.
std::string Form(Machine& m, const Cell& cell, int depth, int& left) {
  if (depth > 64 || --left < 0) return left = -1, "";
  if (cell.IsNumber()) {
    return cell.number == 0 && std::signbit(cell.number) ? "-0"
                                                         : evaluator::FromNumber(cell.number);
  }
  if (cell.IsString()) return FormText(cell.text->text);
  if (cell.IsPrimitive()) return m.ToString(cell);
  if (IsCallable(cell)) return "function";
  if (!cell.IsObject()) return "{}";
  const evaluator::Object& object = *cell.object;
  if (object.error) return object.error->name;
  std::string out;
  if (IsArray(cell)) {
    for (std::size_t i = 0; i < object.items.size(); ++i) {
      out += (i > 0 ? "," : "") +
             (object.HasItem(i) ? Form(m, object.items[i], depth + 1, left) : std::string("hole"));
    }
    return "[" + out + "]";
  }
  for (const std::string& key : object.Keys()) {
    out += (out.empty() ? "" : ",") + FormText(key) + ":" +
           Form(m, *object.Find(key), depth + 1, left);
  }
  return "{" + out + "}";
}

std::string Form(Machine& m, const Cell& cell) {
  int left = 5000;
  const std::string form = Form(m, cell, 0, left);
  return left < 0 ? "too large" : form;
}

// The variables of both sides, made anew for each expression.
class Names : public evaluator::Globals {
 public:
  bool Read(Machine& machine, const evaluator::Program& program, int symbol, Cell& value) override {
    const std::string& name = program.symbols[static_cast<std::size_t>(symbol)];
    const auto given = Values().find(name);
    if (given == Values().end()) return false;
    const auto held = cells_.find(name);
    if (held != cells_.end()) return value = held->second, true;
    return value = cells_[name] = evaluator::Thaw(machine, given->second), true;
  }
  Written Write(const evaluator::Program& program, int symbol, const Cell& value) override {
    const std::string& name = program.symbols[static_cast<std::size_t>(symbol)];
    if (!Values().count(name)) return Written::kUndeclared;
    cells_[name] = value;
    return Written::kDone;
  }

 private:
  static const std::map<std::string, Value>& Values();
  std::map<std::string, Cell> cells_;
};

const std::map<std::string, Value>& Names::Values() {
  static std::map<std::string, Value> values;
  static const bool made = [] {
    evaluator::Heap heap;
    Names names;
    const Limits limits;
    Machine machine(heap, names, limits);
    for (const auto& [name, text] : kVariables) {
      const auto program = evaluator::Parse(text, false);
      values[name] = evaluator::Freeze(machine, machine.Evaluate(*program));
    }
    return true;
  }();
  (void)made;
  return values;
}

const std::string kRefused = "refused: ", kMark = "not in the subset";

std::string Ours(const std::string& expression) {
  evaluator::Heap heap;
  Names names;
  const Limits limits;
  Machine machine(heap, names, limits);
  try {
    const auto program = evaluator::Parse(expression, false);
    heap.Keep(program);
    return Form(machine, machine.Evaluate(*program));
  } catch (const evaluator::SyntaxError& error) {
    const std::string what = error.what();
    const bool refused =
        what.find(kMark) != std::string::npos || what.find("nested") != std::string::npos;
    return refused ? kRefused + what.substr(0, what.find(", but")) : "throws SyntaxError";
  } catch (const evaluator::NotOffered& error) {
    return kRefused + error.what();
  } catch (const evaluator::OverBudget& error) {
    return kRefused + error.what();
  } catch (const evaluator::Thrown& thrown) {
    return "throws " + Form(machine, thrown.value);
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
  std::string prelude;
  for (const auto& [name, text] : kVariables) prelude += "var " + name + " = " + text + "; ";
  const std::string command = "node '" AIGUILLAGE_SOURCE_DIR "/tests/engine/differential.cjs' '" +
                              (folder / "in").string() + "' '" + (folder / "out").string() +
                              "' \"" + prelude + "\"";
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::vector<std::string> answers;
  std::ifstream out(folder / "out");
  for (std::string line; std::getline(out, line);) answers.push_back(line);
  std::filesystem::remove_all(folder);
  return answers;
}

// Those of them on which the two disagree. What we refuse is not asked: it may be too much for Node
// too, which dies of it.
std::vector<std::size_t> Disagreements(const std::vector<std::string>& expressions,
                                       const std::vector<std::string>& ours) {
  std::vector<std::string> asked;
  std::vector<std::size_t> places;
  for (std::size_t k = 0; k < expressions.size(); ++k) {
    if (ours[k].starts_with(kRefused)) continue;
    asked.push_back(expressions[k]);
    places.push_back(k);
  }
  const std::vector<std::string> theirs = Nodes(asked);
  EXPECT_EQ(theirs.size(), asked.size());
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const std::string& answer = ours[places[i]];
    if (theirs.at(i) == "unknown") continue;
    if (answer != theirs.at(i) && answer != Nodes({asked[i]}).at(0)) found.push_back(places[i]);
    if (found.size() == 10) break;
  }
  return found;
}

std::vector<std::string> Ours(const std::vector<std::string>& expressions) {
  std::vector<std::string> answers;
  for (const std::string& text : expressions) answers.push_back(Ours(text));
  return answers;
}

// The tree with one of its parts - the nth, counted from the top - left alone or made simple.
std::vector<Tree> Simpler(const Tree& tree) {
  std::vector<Tree> made = tree.parts;
  for (std::size_t i = 0; i < tree.parts.size(); ++i) {
    std::vector<Tree> instead = Simpler(tree.parts[i]);
    for (const char* text : {"", "0", "x"}) instead.push_back({{text}, {}});
    for (Tree& part : instead) {
      made.push_back(tree);
      made.back().parts[i] = std::move(part);
    }
  }
  return made;
}

// Cut down while the two still disagree.
std::string Smallest(Tree tree) {
  for (int round = 0; round < 40; ++round) {
    std::vector<std::string> texts;
    std::vector<Tree> trees = Simpler(tree);
    std::erase_if(trees, [&](const Tree& one) {
      const std::string text = one.Text();
      return text.size() >= tree.Text().size() || text.ends_with(';');
    });
    std::sort(trees.begin(), trees.end(),
              [](const Tree& a, const Tree& b) { return a.Text().size() < b.Text().size(); });
    for (const Tree& one : trees) texts.push_back(one.Text());
    const std::vector<std::size_t> found = Disagreements(texts, Ours(texts));
    if (found.empty()) break;
    tree = trees[found[0]];
  }
  return tree.Text();
}

unsigned FromEnvironment(const char* name, unsigned otherwise) {
  const char* set = std::getenv(name);
  return set ? static_cast<unsigned>(std::strtoul(set, nullptr, 10)) : otherwise;
}

// How often each reason was given: a subset that refuses everything would agree with everybody.
void ShowRefusals(const std::map<std::string, unsigned>& refusals) {
  std::vector<std::pair<unsigned, std::string>> sorted;
  for (const auto& [reason, count] : refusals) sorted.emplace_back(count, reason);
  std::sort(sorted.rbegin(), sorted.rend());
  if (sorted.size() > 12) sorted.resize(12);
  for (const auto& [count, reason] : sorted) std::cout << "  " << count << " " << reason << "\n";
}

bool HasNode() { return std::system("node --version >/dev/null 2>&1") == 0; }

// What once was answered otherwise, one [expression, answer] a line: the answer is Node's, or
// "refused: " and why.
TEST(Differential, KeepsWhatWasFound) {
  std::ifstream file(AIGUILLAGE_SOURCE_DIR "/tests/engine/ecmascript_cases.jsonl");
  std::vector<std::string> texts, answers;
  for (std::string line; std::getline(file, line);) {
    const auto pair = nlohmann::json::parse(line);
    texts.push_back(pair.at(0));
    answers.push_back(pair.at(1));
    EXPECT_EQ(Ours(texts.back()), answers.back()) << texts.back();
  }
  EXPECT_GT(texts.size(), 150U);
  if (!HasNode()) GTEST_SKIP() << "no node to compare with";
  for (const std::size_t k : Disagreements(texts, answers)) ADD_FAILURE() << texts[k];
}

TEST(Differential, AgreesWithNode) {
  if (!HasNode()) GTEST_SKIP() << "no node to compare with";
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
    texts.push_back(trees.back().Text());
  }
  const std::vector<std::string> ours = Ours(texts);
  for (const std::size_t k : Disagreements(texts, ours)) {
    const std::string smallest = Smallest(trees[k]);
    ADD_FAILURE() << smallest << "\n  ours  " << Ours(smallest) << "\n  node  "
                  << Nodes({smallest}).at(0) << "\n  (number " << k << ")";
  }
  unsigned refused = 0, threw = 0;
  std::map<std::string, unsigned> refusals;
  for (const std::string& answer : ours) {
    threw += answer.starts_with("throws ");
    if (answer.starts_with(kRefused)) ++refused, ++refusals[answer.substr(kRefused.size(), 60)];
  }
  std::cout << refused << " refused, " << threw << " threw\n";
  ShowRefusals(refusals);
  EXPECT_LT(refused, count / 4);
  EXPECT_LT(threw, count / 2);
}

}  // namespace
}  // namespace aiguillage::engine
