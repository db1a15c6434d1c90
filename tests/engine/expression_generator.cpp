#include "tests/engine/expression_generator.h"

namespace aiguillage::engine {

std::string Tree::Text() const {
  std::string text = texts[0];
  for (std::size_t i = 0; i < parts.size(); ++i) text += parts[i].Text() + texts[i + 1];
  return text;
}

Generator::Words Generator::Split(std::string_view text) {
  Words words;
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const bool ends = i == text.size() || text[i] == '\n' || text.substr(i).starts_with("  ");
    if (!ends) {
      word.push_back(text[i]);
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
      i += i < text.size() && text[i] == ' ';
    }
  }
  return words;
}

Tree Generator::Fill(const std::string& form, std::vector<Tree> parts) {
  Tree tree{{""}, std::move(parts)};
  for (const char c : form) {
    if (c == '@') {
      tree.texts.emplace_back();
    } else {
      tree.texts.back().push_back(c);
    }
  }
  tree.parts.resize(tree.texts.size() - 1, Tree{{""}, {}});
  return tree;
}

Tree Generator::Join(const std::string& start, const std::string& between, std::vector<Tree> parts,
                     const std::string& end) {
  std::string form = start;
  for (std::size_t i = 0; i < parts.size(); ++i) form += i > 0 ? between + "@" : "@";
  return Fill(form + end, std::move(parts));
}

Tree Generator::Any(int depth) {
  if (depth <= 0 || Chance(10)) return Leaf();
  using Rule = Tree (Generator::*)(int);
  static const std::vector<Rule> kRules = {
      &Generator::Operator,    &Generator::Operator,   &Generator::Operator,
      &Generator::Array,       &Generator::Object,     &Generator::Template,
      &Generator::Member,      &Generator::Function,   &Generator::StringCall,
      &Generator::StringCall,  &Generator::ArrayCall,  &Generator::ArrayCall,
      &Generator::NumberCall,  &Generator::ObjectCall, &Generator::LibraryCall,
      &Generator::LibraryCall, &Generator::MathCall,   &Generator::JsonCall,
      &Generator::New,         &Generator::Assignment, &Generator::Script};
  return (this->*kRules[static_cast<std::size_t>(Pick(kRules.size()))])(depth);
}

Tree Generator::Number() {
  static const Words kNumbers = Split(R"~(
0  1  2  3  -1  3.7  0.1  0.5  2.5  1e21  1e-7  NaN  Infinity  -Infinity  -0  5e-324  0xff
0b101  0o17  .5  5.  1e300  123.456  1.005  -1.5  2147483648  4294967296  -2147483649  1e-10
255  (1/3)  10  20  36  1e400  16  0.000001234  123456789012  1.7976931348623157e308
-9007199254740993  9007199254740992.5  4503599627370497.5  0x1fffffffffffff1)~");
  return Fill(Of(kNumbers));
}

Tree Generator::String() {
  static const Words kStrings = Split(R"~(
''  'a'  'b'  'abc'  'abcabc'  'été'  ' 12 '  '0x1f'  '1e3'  '10'  '9'  '-0'  'Infinity'
'.5e1'  '5.'  '1_0'  '0b11'  '0o7'  '0x1fffffffffffff1'  '12px'  '-0x1f'  'z'  '\n'  'a,b'
'a b c'  'true'  'length'  'null'  '😀x'  'x😀'  '\ud83d'  '\ude00'  '\ud83d\ude00'
'a\ude00\ud83d'  '\u{1f600}'  '\u00a0 1\ufeff'  '\u2028\u3000'  '\u00a0'  '\u180e1'  'ß'  'ŉé'
'ΣΑΣ'  'ΑΣ. Σ'  'ΑΣ\u0301b'  'İıI'  'ﬁǆ'  'ÿŸǅ'  'ᾳᾼΐ'  'ẞǰ'  'Ωµς'  'ԱՙևaŊŋ'  '𐐀𐐨'  'ªʰⓐⅷ'
'Ж'  '\uffff'  '$&'  '$$'  '[$&]'  '<$`>'  "($')"  '$1$0'  '$'  'x$&y$$z'  '\x41\0\v\b'
"it's"  '0'  '1'  '-1'  '01'  '4294967295'  'constructor'  'toString'  'b'  '+5'  '- 5'
'1e1000'  '1e-400'  'e5'  '.'  '0x'  '😀é😀'  '\ud83d\ud83d\ude00')~");
  return Fill(Chance(1) ? "'a\\\nb'" : Of(kStrings));
}

Tree Generator::Leaf() {
  static const Words kOthers = Split(R"~(
true  false  null  undefined  []  [1, 2]  ({})  ({a: 1, b: [2]})  x  i  o  s  n  list  gaps  f
[3, 1, 2]  ['b', 'a']  [1, , 2]  [, ]  [NaN, -0]  [10, 9, 1]  ({length: 2, 0: 'a', 1: 'b'})
({1: 'u', b: 2, 0: 'z'})  Math  JSON  new TypeError('non')  Error()  String  Array  Math.abs
(a => a)  (function () { return this; })  ({toString() { return 'k'; }})
({valueOf() { return 3; }})  ({toString: 1, valueOf: null})
({toString() { return {}; }, valueOf() { return 'v'; }})  ({toJSON(k) { return 'j' + k; }})
({valueOf() { list.length = 0; return 1; }})  ({toString() { throw 'no'; }})
['é', 'z', 'e', '\ud83d\ude00', '\uffff']  [undefined, 3, , 'b', null]  [[1, [2]], [3]]
[['a', 1], ['b', 2]]  o.a  list[3]  s.length  this  f.call  x.constructor)~");
  if (Chance(25)) return Number();
  if (Chance(35)) return String();
  if (!names_.empty() && Chance(45)) return Fill(Of(names_));
  if (Chance(2))
    return Fill(Of({"nowhere", "typeof nowhere", "a", "b", "Date", "arguments", "eval"}));
  return Fill(Of(kOthers));
}

Tree Generator::Size() {
  static const Words kSizes = Split(R"~(
0  1  2  3  5  '2'  -1  -2  1.5  NaN  undefined  null  'x'  Infinity  true  -0  1e10
-Infinity  [2])~");
  return Fill(Of(kSizes));
}

Tree Generator::Key() {
  static const Words kKeys = Split(R"~(
'a'  'b'  0  1  2  '1'  4  -1  1.5  '01'  'c'  'toString'  null  '\ud83d'  'é'
({toString() { return 'a'; }})  'message'  '__proto__')~");
  return Fill(Of(kKeys));
}

Tree Generator::Operator(int depth) {
  static const Words kBinary = Split(R"~(
+  -  *  /  %  ==  !=  ===  !==  <  <=  >  >=  &  |  ^  <<  >>  >>>  &&  ||  ??  in
instanceof  ,  +)~");
  static const Words kUnary = Split(R"~(
-  +  !  ~  typeof   void   !!  delete   - -)~");
  static const Words kPowers = Split(R"~(
2  3  0  1  -1  NaN  Infinity  -Infinity  '3')~");
  switch (Pick(12)) {
    case 0:
    case 1:
      return Fill(Of(kUnary) + "(@)", {Any(depth - 1)});
    case 2:
      return Fill("(@ ? @ : @)", {Any(depth - 1), Any(depth - 1), Any(depth - 1)});
    case 3:  // without brackets: what binds how
      return Fill("(" + Leaf().Text() + " " + Of(kBinary) + " @ " + Of(kBinary) + " @)",
                  {Leaf(), Leaf()});
    case 4:
      return Fill("((@) ** " + Of(kPowers) + ")", {Fill(Of(kPowers))});
    case 5:
      return Fill("Number(((@) ** (@)).toPrecision(12))", {Any(depth - 1), Any(depth - 1)});
    default:
      return Fill("((@) " + Of(kBinary) + " (@))", {Any(depth - 1), Any(depth - 1)});
  }
}

Tree Generator::Array(int depth) {
  std::vector<Tree> parts;
  for (int n = Pick(5); n > 0; --n) {
    parts.push_back(Chance(8)    ? Fill("")
                    : Chance(12) ? Fill("...@", {Any(depth - 1)})
                                 : Any(depth - 1));
  }
  return Join("[", ", ", std::move(parts), Chance(10) ? ", ]" : "]");
}

Tree Generator::Property(int depth) {
  static const Words kNames = Split(R"~(
a  b  c  1  0  'é'  '01'  toString  valueOf  if  toJSON  '4294967294'  '4294967295'
name  1e2)~");
  switch (Pick(9)) {
    case 0:
      return Fill("...@", {Any(depth - 1)});
    case 1:
      return Fill("[@]: @", {Key(), Any(depth - 1)});
    case 2:
      return Fill(Of(kNames) + "() { return @; }", {Any(depth - 1)});
    case 3:
      return Fill(Of({"x", "o", "list", "s", "get", "set", "async"}));
    case 4:
      return Chance(10)
                 ? Fill(Of({"get a() { return 1; }", "async b() {}", "*c() {}", "__proto__: o"}))
                 : Fill("length: @", {Size()});
    default:
      return Fill(Of(kNames) + ": @", {Any(depth - 1)});
  }
}

Tree Generator::Object(int depth) {
  std::vector<Tree> parts;
  for (int n = Pick(4); n > 0; --n) parts.push_back(Property(depth));
  return Join("({", ", ", std::move(parts), "})");
}

Tree Generator::Template(int depth) {
  return Fill("`" + Of({"", "a", "\\n", "$", "\\u{1f600}", "\\ud83d", "é"}) + "${@}" +
                  Of({"", "-", "\\ude00", "{}", "\\`"}) + "${@}`",
              {Any(depth - 1), Any(depth - 2)});
}

Tree Generator::Member(int depth) {
  static const Words kMembers = Split(R"~(
.length  .a  .b  .a.b  .x  [0]  [1]  ['a']  [-1]  .constructor  .message  .name  .PI
.toString  .map  ?.a  ?.a.b.c  ?.[0]  ?.a?.b  .prototype  .EPSILON  .isArray  .flatMap  .stack
.valueOf  ['1']  [1.5])~");
  if (Chance(50)) return Fill("(@)" + Of(kMembers), {Any(depth - 1)});
  if (Chance(30)) return Fill("(@)?.(@)", {Any(depth - 1), Any(depth - 1)});
  if (Chance(30)) return Fill("(@)?.a(@)", {Any(depth - 1), Any(depth - 1)});
  return Fill("(@)[@]", {Any(depth - 1), Chance(50) ? Key() : Any(depth - 1)});
}

Tree Generator::Function(int depth) {
  switch (Pick(5)) {
    case 0:
      return Fill("(@)(@)", {Any(depth - 1), Any(depth - 1)});
    case 1:
      return Fill("f(@)", {Arguments(depth)});
    default:
      return Fill("(@)(@)", {Callback(depth), Arguments(depth)});
  }
}

// Functions with parameters of every sort, that use them.
Tree Generator::Callback(int depth) {
  static const Words kParameters = Split(R"~(
(a)  (a, b)  (a, b, c)  (a, b, c, d)  ()  (a = x)  (a, b = a)  (...a)  (a, ...b)  (a = b, b)
(a, b = () => a))~");
  if (Chance(8)) return Any(depth - 1);
  const Words outer = names_;
  const std::string parameters = Chance(20) ? "a" : Of(kParameters);
  for (const char* name : {"a", "b", "c", "d"}) {
    if (parameters.find(name) != std::string::npos) names_.emplace_back(name);
  }
  Tree made;
  if (Chance(70)) {
    made = Fill("(" + parameters + " => (@))", {Any(depth - 1)});
  } else {
    const std::string brackets = parameters == "a" ? "(a)" : parameters;
    const std::string name = Chance(20) ? " a" : Chance(20) ? " g" : "";
    made = Fill("(function" + name + brackets + " { return @; })", {Any(depth - 1)});
  }
  names_ = outer;
  return made;
}

Tree Generator::Arguments(int depth) {
  std::vector<Tree> parts;
  for (int n = Pick(4); n > 0; --n) {
    const int kind = Pick(10);
    parts.push_back(kind < 6   ? Any(depth - 2)
                    : kind < 8 ? Size()
                    : kind < 9 ? Callback(depth - 1)
                               : Fill("...@", {Array(depth - 2)}));
  }
  return Join("", ", ", std::move(parts), "");
}

Tree Generator::New(int depth) {
  static const Words kMakers = Split(R"~(
Array  Object  Error  RangeError  TypeError  String  Number  f  Math.abs  Boolean)~");
  switch (Pick(5)) {
    case 0:
      return Fill("new (function G(a, b) { this.a = a; @; this.b = b; })(@)",
                  {Any(depth - 1), Arguments(depth)});
    case 1:
      return Fill("new Array(@)", {Size()});
    case 2:
      return Fill("((g, h) => [h instanceof g, h instanceof Object, h.constructor === g, h])(@)",
                  {Fill("function () { return @; }, @", {Any(depth - 1), Any(depth - 1)})});
    case 3:
      return Fill(
          "(g => { const h = new g(@); return [h instanceof g, h.constructor === g, h]; })(@)",
          {Arguments(depth), Callback(depth)});
    default: {
      const std::string maker = Of(kMakers);
      return Fill("new " + maker + "(@)", {maker == "Array" ? Size() : Arguments(depth)});
    }
  }
}

Tree Generator::Target(int depth) {
  static const Words kNames = Split(R"~(
x  i  o  s  n  list  gaps  f  NaN  nowhere)~");
  switch (Pick(6)) {
    case 0:
      return Fill(Of({"o.a", "o.b", "o.d", "o.a.b", "list[0]", "gaps[1]", "o['é']", "o.a.z"}));
    case 1:
      return Fill(Of({"o", "list", "gaps"}) + "[@]", {Key()});
    case 2:
      return Fill("(@)[@]", {Any(depth - 1), Key()});
    case 3:
      return Fill("(@)." + Of({"a", "b"}), {Any(depth - 1)});
    default:
      return !names_.empty() && Chance(60) ? Fill(Of(names_)) : Fill(Of(kNames));
  }
}

Tree Generator::Assignment(int depth) {
  static const Words kOperators = Split(R"~(
=  =  =  +=  -=  *=  /=  %=  &=  |=  ^=  <<=  >>=  >>>=  &&=  ||=  ??=  +=)~");
  static const Words kWatched = Split(R"~(
o  list  gaps  x  [x, s, n])~");
  const std::string after = ", " + Of(kWatched) + ")";
  switch (Pick(6)) {
    case 0:
      return Fill("(@" + Of({"++", "--"}) + after, {Target(depth)});
    case 1:
      return Fill("(" + Of({"++", "--"}) + "@" + after, {Target(depth)});
    case 2:
      return Fill("(delete @" + after,
                  {Fill(Of({"o.a", "list[0]", "gaps[@]", "o[@]", "(@).a", "list.length", "(@)[0]"}),
                        {Chance(50) ? Key() : Leaf()})});
    case 3:
      return Fill("(" + Of({"list", "gaps"}) + ".length = @, [list, gaps])", {Size()});
    default:
      return Fill("(@ " + Of(kOperators) + " @" + after, {Target(depth), Any(depth - 1)});
  }
}

}  // namespace aiguillage::engine
