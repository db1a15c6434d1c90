#include "tests/support/chart_generator.h"

namespace aiguillage::test {
namespace {

enum class Kind { kAtomic, kCompound, kParallel, kFinal, kShallow, kDeep };

struct Node {
  Kind kind = Kind::kAtomic;
  std::string id;
  std::vector<std::size_t> children;
};

const std::vector<std::string> kRoles = {"case_officer", "program_admin", "project_holder"};

class Generator {
 public:
  explicit Generator(std::mt19937_64& random) : random_(random) {}

  GeneratedChart Make() {
    const std::size_t tops = 2 + Below(3);
    for (std::size_t i = 0; i < tops; ++i) tops_.push_back(Grow(i == 0 ? 3 : 1 + Below(3)));
    std::string text =
        "<scxml xmlns=\"http://www.w3.org/2005/07/scxml\" "
        "xmlns:aap=\"urn:aiguillage:aap:1\" version=\"1.0\" datamodel=\"ecmascript\" "
        "name=\"drawn\" initial=\"arriving\" aap:title=\"Tiré au sort\">\n"
        "<datamodel><data id=\"a\" expr=\"0\"/><data id=\"b\" expr=\"[]\"/>"
        "<data id=\"fuel\" expr=\"12\"/></datamodel>\n"
        "<state id=\"arriving\" aap:label=\"Arrivée\"><transition event=\"intake\" target=\"" +
        nodes_[tops_[0]].id + "\"/></state>\n";
    for (std::size_t top : tops_) text += Written(top);
    return {text + "<final id=\"end\" aap:label=\"Fin\"/>\n</scxml>\n",
            {"intake", "e0", "e1", "e2", "e3", "e4", "e5", "late"}};
  }

 private:
  std::size_t Below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }
  bool Chance(std::size_t percent) { return Below(100) < percent; }

  std::size_t Add(Kind kind) {
    nodes_.push_back({kind, "s" + std::to_string(nodes_.size()), {}});
    return nodes_.size() - 1;
  }

  std::size_t Grow(std::size_t depth) {
    const bool inner = depth > 0 && nodes_.size() < 30 && !Chance(25);
    const std::size_t node = Add(!inner       ? Kind::kAtomic
                                 : Chance(35) ? Kind::kParallel
                                              : Kind::kCompound);
    if (!inner) return node;
    const std::size_t count = 2 + Below(2);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t child = Grow(depth - 1);
      nodes_[node].children.push_back(child);
    }
    const auto append = [&](Kind kind) {
      const std::size_t child = Add(kind);
      nodes_[node].children.push_back(child);
    };
    if (nodes_[node].kind == Kind::kCompound && Chance(50)) append(Kind::kFinal);
    if (Chance(40)) append(Chance(50) ? Kind::kShallow : Kind::kDeep);
    return node;
  }

  bool IsHistory(std::size_t node) const { return nodes_[node].kind >= Kind::kShallow; }

  // A state below, or the node itself.
  std::size_t Inside(std::size_t node) {
    while (!nodes_[node].children.empty() && !Chance(30)) {
      const std::size_t child = nodes_[node].children[Below(nodes_[node].children.size())];
      if (!IsHistory(child)) node = child;
    }
    return node;
  }

  std::size_t Child(std::size_t node) {
    for (;;) {
      const std::size_t child = nodes_[node].children[Below(nodes_[node].children.size())];
      if (!IsHistory(child)) return child;
    }
  }

  // One state, or one in each of two regions.
  std::string Target() {
    if (Chance(2)) return "end";
    const std::size_t node = Below(nodes_.size());
    if (nodes_[node].kind != Kind::kParallel || Chance(40)) return nodes_[node].id;
    return nodes_[Inside(nodes_[node].children[0])].id + " " +
           nodes_[Inside(nodes_[node].children[1])].id;
  }

  std::string Guard() {
    switch (Below(4)) {
      case 0:
        return "a % 2 === " + std::to_string(Below(2));
      case 1:
        return "b.length &lt; 3";
      case 2:
        return "In('" + nodes_[Below(nodes_.size())].id + "')";
      default:
        return "(a &lt; 5 || !!_event.data &amp;&amp; _event.data.n &gt; 2)";
    }
  }

  std::string Content() {
    const std::string burn = "<assign location=\"fuel\" expr=\"fuel - 1\"/>";
    const std::string event = std::to_string(Below(6));
    switch (Below(8)) {
      case 0:
        return "<assign location=\"a\" expr=\"(a + 1) % 7\"/>";
      case 1:
        return "<assign location=\"b\" expr=\"b.concat([a]).slice(-4)\"/>";
      case 2:
        return "<if cond=\"fuel &gt; 0\">" + burn + "<raise event=\"e" + event + "\"/></if>";
      case 3:
        return "<send event=\"e" + event + "\" id=\"later\" delay=\"2s\"/>";
      case 4:
        return "<cancel sendid=\"later\"/>";
      case 5:
        return "<foreach array=\"[1, 2]\" item=\"x\"><assign location=\"a\" "
               "expr=\"(a + x) % 7\"/></foreach>";
      case 6:
        return "<aap:mail template=\"late\" to=\"" + kRoles[Below(3)] + "\"/>";
      default:
        return "<if cond=\"a &gt; 3\"><assign location=\"a\" expr=\"0\"/><else/><log "
               "label=\"a\" expr=\"a\"/></if>";
    }
  }

  std::string Contents() {
    std::string all;
    for (std::size_t i = Below(3); i > 0; --i) all += Content();
    return all;
  }

  std::string Transition(std::size_t from) {
    const std::string target = Chance(85) ? " target=\"" + Target() + "\"" : "";
    const std::string type = Chance(20) ? " type=\"internal\"" : "";
    if (Chance(12)) {
      return "<transition cond=\"fuel &gt; 0 &amp;&amp; " + Guard() + "\"" + target + type +
             "><assign location=\"fuel\" expr=\"fuel - 1\"/>" + Contents() + "</transition>\n";
    }
    const std::string event = "e" + std::to_string(Below(6));
    const std::string said =
        " aap:label=\"Faire " + event + "\" aap:by=\"" + kRoles[Below(3)] + "\"";
    if (Chance(8)) {  // nothing raises "late": what comes from outside brings fuel
      return "<transition event=\"late\"" + target + type +
             "><assign location=\"fuel\" expr=\"12\"/>" + Contents() + "</transition>\n";
    }
    if (nodes_[from].kind != Kind::kAtomic && Chance(20)) {
      return "<transition event=\"done.state." + nodes_[from].id + "\" cond=\"fuel &gt; 0\"" +
             target + type + "><assign location=\"fuel\" expr=\"fuel - 1\"/>" + Contents() +
             "</transition>\n";
    }
    const std::string guard = Chance(45) ? " cond=\"" + Guard() + "\"" : "";
    return "<transition event=\"" + event + "\"" + guard + target + type + said + ">" + Contents() +
           "</transition>\n";
  }

  std::string Initial(std::size_t node) {
    if (nodes_[node].kind != Kind::kCompound || Chance(40)) return "";
    return "<initial><transition target=\"" + nodes_[Inside(Child(node))].id + "\">" + Contents() +
           "</transition></initial>";
  }

  std::string Written(std::size_t node) {
    const Kind kind = nodes_[node].kind;
    const char* tag = kind == Kind::kFinal      ? "final"
                      : kind == Kind::kParallel ? "parallel"
                                                : "state";
    std::string text = std::string("<") + tag + " id=\"" + nodes_[node].id + "\" aap:label=\"" +
                       nodes_[node].id + "\" aap:turn=\"" + kRoles[Below(3)] + "\">";
    if (kind == Kind::kFinal) return text + "<onentry>" + Contents() + "</onentry></final>\n";
    text += Initial(node) + "<onentry>" + Contents();
    if (Chance(25)) text += "<aap:deadline in=\"3 jours\" event=\"late\"/>";
    text += "</onentry><onexit>" + Contents() + "</onexit>\n";
    for (std::size_t i = 1 + Below(3); i > 0; --i) text += Transition(node);
    for (std::size_t child : nodes_[node].children) {
      text += IsHistory(child) ? History(node, child) : Written(child);
    }
    return text + "</" + tag + ">\n";
  }

  std::string History(std::size_t parent, std::size_t node) {
    const bool deep = nodes_[node].kind == Kind::kDeep;
    const std::size_t child = Child(parent);
    return "<history id=\"" + nodes_[node].id + "\" type=\"" + (deep ? "deep" : "shallow") +
           "\"><transition target=\"" + nodes_[deep ? Inside(child) : child].id + "\">" +
           Contents() + "</transition></history>\n";
  }

  std::mt19937_64& random_;
  std::vector<Node> nodes_;
  std::vector<std::size_t> tops_;
};

}  // namespace

GeneratedChart GenerateChart(std::mt19937_64& random) { return Generator(random).Make(); }

}  // namespace aiguillage::test
