#include "workflows/diagram.h"

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>

#include "workflows/child_process.h"
#include "workflows/xml_tree.h"

namespace aiguillage::workflows {
namespace {

using engine::Chart;
using engine::StateKind;
using engine::StateNode;

const char* AttributeOf(LabelKind labels) {
  return labels == LabelKind::kStaff ? "label" : "public";
}

std::string LabelOf(const StateNode& state, LabelKind labels) {
  const std::string& own = engine::Attribute(state, AttributeOf(labels));
  return own.empty() ? state.id : own;
}

bool HasLabel(const StateNode& state) { return !engine::Attribute(state, "label").empty(); }

// Code points that could make a label hostile to its drawing: control characters, and the marks
// that turn the direction of the text around them.
bool IsUnsafe(std::string_view point) {
  const auto first = static_cast<unsigned char>(point.front());
  if (first < 0x20 || first == 0x7F) return true;
  static const std::set<std::string_view> kTurning = {
      "\u061C", "\u200E", "\u200F", "\u202A", "\u202B", "\u202C", "\u202D",
      "\u202E", "\u2028", "\u2029", "\u2066", "\u2067", "\u2068", "\u2069"};
  return kTurning.contains(point);
}

std::string_view PointAt(const std::string& text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
  return std::string_view(text).substr(at, end - at);
}

constexpr std::size_t kLabelMost = 120;  // characters; a drawing is no place for more

// A label as a quoted string of dot, on lines of about `width` characters: what dot or SVG would
// read as more than text is escaped, dot reads entities in labels.
std::string LabelAsDot(const std::string& text, std::size_t width) {
  std::string out = "\"";
  std::size_t column = 0, count = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view point = PointAt(text, at);
    at += point.size();
    if (++count > kLabelMost) {
      out += "…";
      break;
    }
    const bool space = point == " " || IsUnsafe(point);
    if ((space && column >= width) || column >= 2 * width) {
      out += "\\n";
      column = 0;
      if (space) continue;
    }
    if (point == "&") {
      out += "&amp;";
    } else if (point == "\"" || point == "\\") {
      (out += '\\') += point;
    } else if (space) {
      out += ' ';
    } else {
      out += point;
    }
    ++column;
  }
  return out + '"';
}

// A name as a quoted string of dot: nothing is cut, so that two names stay two.
std::string NameAsDot(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

bool IsDrawn(const StateNode& state) {
  return state.kind == StateKind::kState || state.kind == StateKind::kParallel ||
         state.kind == StateKind::kFinal;
}

bool IsLeaf(const Chart& chart, const StateNode& state) {
  return std::none_of(state.children.begin(), state.children.end(),
                      [&](int child) { return IsDrawn(engine::StateAt(chart, child)); });
}

// The state whose box an arrow to `index` reaches: the first leaf inside.
int LeafOf(const Chart& chart, int index) {
  const StateNode* state = &engine::StateAt(chart, index);
  if (engine::IsHistory(*state)) return -1;
  while (!IsLeaf(chart, *state)) {
    int next = -1;
    if (state->initial >= 0) {
      const auto& targets = chart.transitions[static_cast<std::size_t>(state->initial)].targets;
      if (!targets.empty()) next = targets.front();
    }
    if (next < 0) {
      for (const int child : state->children) {
        if (IsDrawn(engine::StateAt(chart, child))) {
          next = child;
          break;
        }
      }
    }
    state = &engine::StateAt(chart, next);
  }
  return state->index;
}

void AppendState(const Chart& chart, const StateNode& state, LabelKind labels, int depth,
                 std::string& out) {
  const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
  if (IsLeaf(chart, state)) {
    out += indent + NameAsDot(state.id) + " [id=" + NameAsDot("state-" + state.id) +
           ", label=" + LabelAsDot(LabelOf(state, labels), 18) +
           (state.kind == StateKind::kFinal ? ", style=\"rounded,bold\"" : "") + "];\n";
    return;
  }
  const bool cluster = HasLabel(state);
  if (cluster) {
    out += indent + "subgraph " + NameAsDot("cluster_" + state.id) + " {\n" + indent +
           "  id=" + NameAsDot("state-" + state.id) +
           "; label=" + LabelAsDot(LabelOf(state, labels), 40) + ";\n";
  }
  for (const int child : state.children) {
    if (IsDrawn(engine::StateAt(chart, child)))
      AppendState(chart, engine::StateAt(chart, child), labels, depth + 1, out);
  }
  if (cluster) out += indent + "}\n";
}

// Arrows as (from, to) leaves, each once, in the order of the document.
std::vector<std::pair<int, int>> Arrows(const Chart& chart) {
  std::vector<std::pair<int, int>> arrows;
  std::set<std::pair<int, int>> seen;
  for (const auto& state : chart.states) {
    if (!IsDrawn(state) || (!HasLabel(state) && !IsLeaf(chart, state))) continue;
    for (const int index : state.transitions) {
      for (const int target : chart.transitions[static_cast<std::size_t>(index)].targets) {
        const std::pair<int, int> arrow{LeafOf(chart, state.index), LeafOf(chart, target)};
        if (arrow.second >= 0 && arrow.first != arrow.second && seen.insert(arrow).second) {
          arrows.push_back(arrow);
        }
      }
    }
  }
  return arrows;
}

// Within svg[from, to): the first `before`, replaced by `after`.
void ReplaceFirst(std::string& svg, std::size_t from, std::size_t& to, const std::string& before,
                  const std::string& after) {
  const auto at = svg.find(before, from);
  if (at == std::string::npos || at + before.size() > to) return;
  svg.replace(at, before.size(), after);
  to = to + after.size() - before.size();
}

}  // namespace

std::string RailsAsDot(const Chart& chart, LabelKind labels) {
  std::string out =
      "digraph rails {\n"
      "  rankdir=TB; pad=0.5; nodesep=0.25; ranksep=0.35; fontname=\"DejaVu Sans\"; fontsize=13;\n"
      "  bgcolor=transparent; color=\"#8a94a6\"; fontcolor=\"#33415c\"; style=rounded;\n"
      "  node [shape=box, style=rounded, fontname=\"DejaVu Sans\", fontsize=13, "
      "margin=\"0.2,0.07\",\n"
      "        color=\"#5b6b8c\", fontcolor=\"#1b2a4a\"];\n"
      "  edge [color=\"#8a94a6\", arrowsize=0.6];\n";
  for (const int child : chart.states.front().children) {
    if (IsDrawn(engine::StateAt(chart, child)))
      AppendState(chart, engine::StateAt(chart, child), labels, 1, out);
  }
  int before = -1;
  for (const auto& [from, to] : Arrows(chart)) {
    // The first way on from each state is the spine: kept straight, the rest bends around it.
    const bool spine = to > from && from != before;
    before = from;
    out += "  " + NameAsDot(engine::StateAt(chart, from).id) + " -> " +
           NameAsDot(engine::StateAt(chart, to).id) +
           (to < from ? " [constraint=false, style=dashed]"
            : spine   ? " [weight=12]"
                      : "") +
           ";\n";
  }
  return out + "}\n";
}

engine::Outcome<std::string> DrawRails(const Chart& chart, LabelKind labels) {
  const auto drawn = RunChild({"dot", "-Tsvg"}, RailsAsDot(chart, labels), 20'000);
  const auto start = drawn.output.find("<svg");
  if (drawn.status != 0 || start == std::string::npos) {
    return engine::Refusal{"no_drawing",
                           "Le dessin des rails n’a pas pu être fait : le programme « dot » du "
                           "paquet graphviz manque ou a échoué.",
                           {}};
  }
  // dot writes the hyphen of an id as an entity: the header promises "state-ID".
  std::string svg = drawn.output.substr(start);
  static const std::string kWritten = "id=\"state&#45;";
  for (auto at = svg.find(kWritten); at != std::string::npos; at = svg.find(kWritten, at)) {
    svg.replace(at, kWritten.size(), "id=\"state-");
  }
  return svg;
}

namespace {

struct Corners {
  double left = 1e9, right = -1e9, top = 1e9;
};

// Of a drawn state, whose outline is the first path; nothing without.
std::optional<Corners> CornersOf(const std::string& node) {
  const auto outline = node.find(" d=\"M");
  if (outline == std::string::npos) return std::nullopt;
  Corners corners;
  double x = 0, y = 0;
  std::string points = node.substr(outline + 5, node.find('"', outline + 4) - outline - 5);
  std::replace_if(
      points.begin(), points.end(), [](char c) { return c == ',' || c == 'C' || c == 'L'; }, ' ');
  for (std::istringstream in(points); in >> x >> y;) {
    corners.left = std::min(corners.left, x);
    corners.right = std::max(corners.right, x);
    corners.top = std::min(corners.top, y);
  }
  return corners.right < corners.left ? std::nullopt : std::optional(corners);
}

std::string SmallText(double x, double y, const char* fill, const std::string& text) {
  std::ostringstream out;
  out << "<text text-anchor=\"middle\" x=\"" << x << "\" y=\"" << y
      << "\" font-family=\"DejaVu Sans\" font-size=\"11.00\" font-weight=\"bold\" fill=\"" << fill
      << "\">" << text << "</text>\n";
  return out.str();
}

// A number in a disc on the upper right corner.
std::string Badge(const Corners& at, const StateMark& mark) {
  const double x = at.right - 3;
  std::ostringstream out;
  out << "<ellipse class=\"count" << (mark.late > 0 ? " late" : "") << "\" cx=\"" << x << "\" cy=\""
      << at.top + 1 << "\" rx=\"" << (mark.count > 99 ? 15 : 11) << "\" ry=\"10\" fill=\""
      << (mark.late > 0 ? "#a5281b" : "#ffffff") << "\" stroke=\""
      << (mark.late > 0 ? "#ffffff" : "#1f3f8f") << "\"/>\n";
  return out.str() + SmallText(x, at.top + 5, mark.late > 0 ? "#ffffff" : "#1f3f8f",
                               std::to_string(mark.count));
}

struct HeatLook {
  const char *name, *fill, *width, *sign;
};
// White on each of them reads at 7 to 1 or more.
const HeatLook& LookOf(Heat heat) {
  static const HeatLook looks[] = {{"", "#1f3f8f", "1", ""},
                                   {"heat-short", "#1f3f8f", "1", ""},
                                   {"heat-long", "#6f4800", "2.5", " +"},
                                   {"heat-beyond", "#7d1f17", "4", " !"}};
  return looks[static_cast<std::size_t>(heat)];
}

// The age in a white label over the upper left corner, clear of the name and of arrows, outlined
// the wider the longer the wait.
std::string AgeBadge(const Corners& at, const StateMark& mark) {
  const HeatLook& look = LookOf(mark.heat);
  const std::string text = mark.age + look.sign;
  const double width = 14 + 7.0 * static_cast<double>(text.size());
  const double left = at.left + 22 - width;
  std::ostringstream out;
  out << "<rect class=\"age\" x=\"" << left << "\" y=\"" << at.top - 15 << "\" width=\"" << width
      << "\" height=\"16\" rx=\"4\" fill=\"#ffffff\" stroke=\"" << look.fill << "\" stroke-width=\""
      << look.width << "\"/>\n";
  return out.str() + SmallText(left + width / 2, at.top - 3, look.fill, text);
}

void SayInWords(std::string& svg, std::size_t begin, std::size_t& end, const std::string& words) {
  const std::string said = EscapedXml(words);
  ReplaceFirst(svg, begin, end, " class=", " role=\"img\" aria-label=\"" + said + "\" class=");
  const auto from = svg.find("<title>", begin), to = svg.find("</title>", begin);
  if (from > end || to > end) return;
  svg.replace(from + 7, to - from - 7, said);
  end = end + said.size() - (to - from - 7);
}

}  // namespace

std::string MarkRails(const std::string& svg, const std::map<std::string, StateMark>& marks) {
  std::string out = svg;
  for (const auto& [id, mark] : marks) {
    const auto begin = out.find("<g id=\"state-" + id + "\" class=\"node\"");
    if (begin == std::string::npos) continue;
    auto end = out.find("</g>", begin);
    if (mark.mark == RailMark::kCurrent) {
      const HeatLook& look = LookOf(mark.heat);
      const std::string named = *look.name == '\0' ? "" : std::string(" ") + look.name;
      ReplaceFirst(out, begin, end, "class=\"node\"", "class=\"node current" + named + "\"");
      ReplaceFirst(out, begin, end, "fill=\"none\"", std::string("fill=\"") + look.fill + "\"");
      while (out.find("fill=\"#1b2a4a\"", begin) < end) {
        ReplaceFirst(out, begin, end, "fill=\"#1b2a4a\"", "fill=\"#ffffff\" font-weight=\"bold\"");
      }
    } else if (mark.mark == RailMark::kPast) {
      ReplaceFirst(out, begin, end, "class=\"node\"", "class=\"node past\"");
      ReplaceFirst(out, begin, end, "fill=\"none\"", "fill=\"#dbe4f7\"");
    }
    const auto corners = CornersOf(out.substr(begin, end - begin));
    if (corners && mark.count > 0) out.insert(end, Badge(*corners, mark));
    if (corners && mark.heat != Heat::kNone) out.insert(end, AgeBadge(*corners, mark));
    if (!mark.words.empty()) SayInWords(out, begin, end, mark.words);
  }
  return out;
}

std::vector<RailLine> RailsAsText(const Chart& chart, LabelKind labels) {
  std::vector<RailLine> lines;
  const auto arrows = Arrows(chart);
  for (const auto& state : chart.states) {
    if (!IsDrawn(state) || !IsLeaf(chart, state)) continue;
    RailLine line;
    line.state = state.id;
    line.label = LabelOf(state, labels);
    if (state.parent > 0 && HasLabel(engine::StateAt(chart, state.parent))) {
      line.parent_label = LabelOf(engine::StateAt(chart, state.parent), labels);
    }
    for (const auto& [from, to] : arrows) {
      if (from == state.index) line.next.push_back(LabelOf(engine::StateAt(chart, to), labels));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace aiguillage::workflows
