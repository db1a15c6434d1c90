// The stays behind a figure, as an address says them: the same predicate as the sums it was read
// from, so that the list has as many lines as the figure said.
//
//   PassagesAddress({.call = "mentor-2026", .state = "lead_review", .from = "2026-03-01"})
//     -> /pilotage/passages?appel=mentor-2026&etape=lead_review&de=2026-03-01
#pragma once

#include <string>

#include "storage/flow.h"
#include "web/figures/call_rails.h"
#include "web/figures/figure.h"
#include "web/response.h"
#include "web/visit.h"

namespace aiguillage::web {

struct PassagesAsked {
  std::string call;        // "" = all that the reader may see
  std::string collection;  // with those below it; "-" for none
  std::string state;       // or several, with commas between; or one of:
  std::string phase;       //   the columns of a phase or of several, "-" those of none
  bool finals = false;     //   the ends of the rails
  // How it ended, with `state`: "reprise" sent back, "fin" at an end, "avant" on its way, "lus" any
  // of these, so that it is over and no pause.
  std::string outcome;
  std::string from, to;  // ISO days of leaving or, with `entered`, of entering
  bool entered = false, first = false, open = false, columns = false;
  int days_min = 0, pass = 0;  // at least so many days; exactly that pass
  std::string on;              // standing there at the end of that day
  bool alone = false;          // `collection` without those below it
  bool underway = false;       // columns that are neither an end nor where projects are to arrive
  std::string rails;           // of all calls on these rails
  bool publishing = false;     // of all calls whose rails put trainings online
};
std::string PassagesAddress(const PassagesAsked& asked, int page = 1);
// `calls`: those it may be about, `asked.call` among them or empty.
storage::FlowFilter FilterOf(storage::Session& session, const CallRails& rails,
                             const PassagesAsked& asked, const std::vector<std::string>& calls);
storage::FlowFilter FilterOf(storage::Session& session, const FigureQuestion& question);
// What an address asks of the question it came from.
PassagesAsked PassagesOf(const FigureQuestion& question);

// Routes (pages/passages.cpp).
Response PassagesPage(Visit& visit);
Response PassagesCsv(Visit& visit);
Response PassagesXlsx(Visit& visit);

}  // namespace aiguillage::web
