// Draws expressions of the ECMAScript subset, scripts as bodies of functions among them, from a
// seed: everything that the evaluator offers, with arguments of every kind, and some of what it
// refuses.
//
//   Generator(7).Any(4).Text()     "[x, 'é'].indexOf(-0, (n).toFixed())"
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace aiguillage::engine {

// A generated text with the parts that were put into it, so that it can be cut down:
// texts[0] parts[0] texts[1] parts[1] … texts[n].
struct Tree {
  std::vector<std::string> texts;
  std::vector<Tree> parts;
  std::string Text() const;
};

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}
  Tree Any(int depth);

 private:
  using Words = std::vector<std::string>;

  int Pick(std::size_t n) { return static_cast<int>(random_() % n); }
  bool Chance(int percent) { return Pick(100) < percent; }
  std::string Of(const Words& words) { return words[static_cast<std::size_t>(Pick(words.size()))]; }
  static Words Split(std::string_view text);  // at line ends and at two spaces
  // Each @ of the form is one of the parts; parts that no @ asks for are dropped.
  static Tree Fill(const std::string& form, std::vector<Tree> parts = {});
  static Tree Join(const std::string& start, const std::string& between, std::vector<Tree> parts,
                   const std::string& end);

  // expression_generator.cpp
  Tree Leaf();
  Tree Number();
  Tree String();
  Tree Size();  // small, or so large that every engine refuses it
  Tree Key();
  Tree Operator(int depth);
  Tree Array(int depth);
  Tree Object(int depth);
  Tree Property(int depth);
  Tree Template(int depth);
  Tree Member(int depth);
  Tree Function(int depth);
  Tree Callback(int depth);
  Tree Arguments(int depth);
  Tree New(int depth);
  Tree Target(int depth);
  Tree Assignment(int depth);

  // call_generator.cpp
  Tree StringCall(int depth);
  Tree ArrayCall(int depth);
  Tree NumberCall(int depth);
  Tree ObjectCall(int depth);
  Tree LibraryCall(int depth);
  Tree MathCall(int depth);
  Tree JsonCall(int depth);

  // script_generator.cpp
  Tree Script(int depth);
  Tree Statement(int depth);
  Tree Block(int depth);
  Tree Declaration(int depth);
  Tree Loop(int depth);
  Tree Switch(int depth);
  Tree Try(int depth);
  Tree Jump(int depth);
  std::string NewName();

  std::mt19937 random_;
  Words names_;       // locals in sight
  int counters_ = 0;  // of loops, so that each has its own
  int loops_ = 0;
};

}  // namespace aiguillage::engine
