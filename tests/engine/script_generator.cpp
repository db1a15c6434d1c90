// Scripts, as bodies of functions that are called at once.
#include "tests/engine/expression_generator.h"

namespace aiguillage::engine {

// Mostly a name that is not taken.
std::string Generator::NewName() {
  static const Words kNames = Split(R"~(
a  b  c  d  p  q  r  t)~");
  return Chance(93) ? "v" + std::to_string(++counters_) : Of(kNames);
}

Tree Generator::Script(int depth) {
  const Words outer = names_;
  const int loops = loops_;
  loops_ = 0;
  std::vector<Tree> parts;
  for (int n = 1 + Pick(4); n > 0; --n) parts.push_back(Statement(depth - 1));
  parts.push_back(Fill(
      "return @;", {Chance(70) && !names_.empty() ? Fill("[@, @, list]", {Fill(Of(names_)), Leaf()})
                                                  : Any(depth - 1)}));
  Tree made = Join("(function () { ", " ", std::move(parts), " })()");
  names_ = outer;
  loops_ = loops;
  return made;
}

Tree Generator::Statement(int depth) {
  if (depth <= 0) return Fill(Of({"list.push(@);", "x = @;", "@;", "{ @; }"}), {Leaf()});
  switch (Pick(14)) {
    case 0:
    case 1:
    case 2:
      return Declaration(depth);
    case 3:
      return Fill("if (@) @" + Of({"", " else @"}),
                  {Any(depth - 1), Statement(depth - 1), Statement(depth - 1)});
    case 4:
    case 5:
      return Loop(depth);
    case 6:
      return Switch(depth);
    case 7:
    case 8:
      return Try(depth);
    case 9:
      return Block(depth);
    case 10:
      return Jump(depth);
    case 11:
      return Fill("list.push(@);", {Any(depth - 1)});
    case 12:
      return Fill(Of({"@;", "@\n", ";", "@, @;"}), {Assignment(depth), Assignment(depth)});
    default:
      return Fill("@;", {Any(depth - 1)});
  }
}

Tree Generator::Block(int depth) {
  const Words outer = names_;
  std::vector<Tree> parts;
  for (int n = Pick(4); n > 0; --n) parts.push_back(Statement(depth - 1));
  Tree made = Join("{ ", " ", std::move(parts), " }");
  names_ = outer;
  return made;
}

Tree Generator::Declaration(int depth) {
  const std::string name = NewName();
  const std::string word = Of({"var", "let", "const", "let", "const"});
  Tree made;
  switch (Pick(7)) {
    case 0: {
      const Words outer = names_;
      names_.insert(names_.end(), {"a", "b"});
      made = Fill("function " + name + "(a, b" + Of({"", " = a", " = x", ", ...c"}) + ") @",
                  {Block(depth - 1)});
      made.texts.back() += Chance(50) ? " list.push(" + name + "(1));" : "";
      names_ = outer;
      break;
    }
    case 1:
      made = Fill(word + " " + name + (word == "const" && Chance(95) ? " = 1" : "") + ";");
      break;
    case 2:  // used before it is declared
      made =
          Fill("list.push(typeof " + name + ", () => " + name + "); " + word + " " + name + " = @;",
               {Any(depth - 1)});
      break;
    case 3:
      made = Chance(10) ? Fill(word + " " + Of({"[a] = [1]", "{a} = o"}) + ";")
                        : Fill(word + " " + name + " = @, " + name + "z = " + name + ";",
                               {Any(depth - 1)});
      break;
    default:
      made = Fill(word + " " + name + " = @;", {Any(depth - 1)});
  }
  names_.push_back(name);
  return made;
}

// Each loop has a counter of its own, that nothing else writes: all of them end.
Tree Generator::Loop(int depth) {
  const Words outer = names_;
  const std::string k = "k" + std::to_string(++counters_), v = NewName();
  const std::string word = Of({"var ", "let ", "const ", ""});
  ++loops_;
  const auto body = [&](const std::string& start) {
    if (!word.empty()) names_.push_back(v);
    return Fill("{ " + start + "@ @ }", {Statement(depth - 1), Statement(depth - 1)});
  };
  const std::string head = word.empty() ? Of({"x", "o.d", "nowhere", "list[0]"}) : word + v;
  const std::string stop = "if (" + k + "++ > 4) break; ";
  Tree made;
  switch (Pick(6)) {
    case 0:
      made = Fill("for (" + Of({"var ", "let "}) + k + " = 0; " + k + " < 3; " + k + "++) @",
                  {body("")});
      break;
    case 1:
      made = Fill("for (let " + k + " = 0, " + k + "f = () => " + k + "; " + k + " < 2; ++" + k +
                      ") { list.push(" + k + "f, () => " + k + ", " + k + "f()); @ }",
                  {Statement(depth - 1)});
      break;
    case 2:
      made = Fill("for (" + head + " in @) @", {Any(depth - 1), body("")});
      break;
    case 3:
      made = Fill(
          "{ let " + k + " = 0; for (" + head + " of @) @ }",
          {Chance(60) ? Fill(Of({"list", "gaps", "'a😀\\ud83d'"})) : Any(depth - 1), body(stop)});
      break;
    case 4:
      made = Fill("{ let " + k + " = 0; while (" + k + "++ < 3) @ }", {body("")});
      break;
    default:
      made = Fill("{ let " + k + " = 0; do @ while (" + k + "++ < 2) }", {body("")});
  }
  --loops_;
  names_ = outer;
  return made;
}

Tree Generator::Switch(int depth) {
  const Words outer = names_;
  std::vector<Tree> parts = {Any(depth - 1)};
  std::string form = "switch (@) {";
  for (int n = Pick(4); n > 0; --n) {
    form += Chance(20) ? " default: @" : " case @: @";
    if (form.ends_with("case @: @")) parts.push_back(Any(depth - 2));
    parts.push_back(Chance(15) ? Declaration(depth - 1) : Statement(depth - 1));
    if (Chance(50)) form += " break;";
  }
  Tree made = Fill(form + " }", std::move(parts));
  names_ = outer;
  return made;
}

// Of what was caught, not the message, which ECMA-262 leaves to the engine.
Tree Generator::Try(int depth) {
  const Words outer = names_;
  Tree tried = Block(depth);
  const std::string end = Of({" throw @; }", " }", " list.push((@).a.b); }"});
  tried.texts.back().resize(tried.texts.back().size() - 2);
  Tree made = Fill("try @" + end, {std::move(tried), Any(depth - 1)});
  if (end == " }") made = Fill("try @ }", {made.parts[0]});
  const bool finally = Chance(40);
  if (!finally || Chance(70)) {
    Tree caught = Block(depth);
    static const Words kUses = Split(R"~(
list.push(e && e.name || e);  list.push(typeof e, e instanceof TypeError);  throw e;
list.push(e instanceof Error, e.constructor === RangeError);  list.push(Object.keys(e));
list.push(String(e).length > 0);  e = 1;  var e = x;  let e = 2;)~");
    made = Fill("@ catch (e) { " + Of(kUses) + " @ }", {std::move(made), std::move(caught)});
  }
  if (finally) made = Fill("@ finally @", {std::move(made), Block(depth)});
  return made;
}

Tree Generator::Jump(int depth) {
  static const Words kRare = Split(R"~(
a: for (;;) break a;  with (o) x = 1;  class A {}  debugger;  super.x;  import.meta;  var x;  break;  continue;)~");
  if (loops_ > 0 && Chance(60))
    return Fill("if (@) " + Of({"break;", "continue;"}), {Any(depth - 1)});
  if (Chance(8)) return Fill(Of(kRare));
  return Fill(Of({"if (@) return @;", "throw @;", "return @;", "if (@) throw @;"}),
              {Any(depth - 1), Any(depth - 1)});
}

}  // namespace aiguillage::engine
