// The rails as a drawing: SVG made once per definition by the program `dot`, then marked for one
// project (where it stands, where it has been) or with the counts of a pipeline.
//
//   auto svg = DrawRails(chart, LabelKind::kStaff);            // Outcome: dot may be missing
//   MarkRails(svg.value(), {{"lead_review", {RailMark::kCurrent, 3, 1}}})
//   … {RailMark::kCurrent, 12, 3, Heat::kBeyond, "19 j", "12 projets, attente médiane 19 jours"}
//
// Every state is a group with id "state-ID"; colours are presentation attributes, so that the
// drawing needs no style sheet. Transitions of states without label (wrappers: withdraw, suspend)
// are left out: they lead from everywhere.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/chart.h"
#include "engine/outcome.h"

namespace aiguillage::workflows {

enum class LabelKind { kStaff, kPublic };

// The graph in the language of dot; labels escaped.
std::string RailsAsDot(const engine::Chart& chart, LabelKind labels);
// Runs `dot -Tsvg` as a child, 20 seconds at most. Refused in words when it is not installed.
engine::Outcome<std::string> DrawRails(const engine::Chart& chart, LabelKind labels);

enum class RailMark { kNone, kPast, kCurrent };
// How long those who stand there have waited, against the time they should take: the tone of the
// state, the width of its outline, and a sign after its age (« 4 j », « 12 j + », « 19 j ! »).
enum class Heat { kNone, kShort, kLong, kBeyond };
struct StateMark {
  RailMark mark = RailMark::kNone;
  std::int64_t count = 0;  // projects that stand there: a badge on the corner of the state
  std::int64_t late = 0;   // of them, late: the badge is red
  Heat heat = Heat::kNone;
  std::string age;    // « 19 j », told with the heat on the other corner
  std::string words;  // the same for who cannot see it: the title of the state; "" as drawn
};
std::string MarkRails(const std::string& svg, const std::map<std::string, StateMark>& marks);

// The same in words, for those who cannot see it: « Recevabilité (ici) → Validation du cadrage … »,
// a line each state in document order.
struct RailLine {
  std::string state, label, parent_label;
  std::vector<std::string> next;  // labels of the states one transition away
};
std::vector<RailLine> RailsAsText(const engine::Chart& chart, LabelKind labels);

}  // namespace aiguillage::workflows
