// The forecasts of all calls on some rails: what is read of the record for them, once.
//
//   RailsWalks known(session, "mentor", definition->chart, now, {"langues"});
//   known.Of(call, "langues").From("framing", 12)           of one project
//   ForecastCall(known.Parts(call, {}, {}), now)            of the call
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "storage/flow.h"
#include "workflows/forecast_call.h"

namespace aiguillage::workflows {

class RailsWalks {
 public:
  // `collections`: those whose own past is asked; the others are told by their call's. `each`: who
  // stands in every collection is asked for too.
  RailsWalks(storage::Session& session, const std::string& rails, const engine::Chart& chart,
             std::int64_t now, const std::vector<std::string>& collections, bool each = false);

  const Goal& goal() const { return goal_; }
  Walks& Of(const storage::Call& call, const std::string& collection);
  // Its projects that have not arrived: in these collections, each a part, or all of them together;
  // in these columns, where they are named.
  std::vector<CallPart> Parts(const storage::Call& call,
                              const std::vector<std::string>& collections,
                              const std::set<std::string>& columns);

 private:
  using Samples = std::vector<StepSample>;
  void Read(storage::Session& session, const storage::FlowFilter& filter, storage::StepKind kind);
  const engine::Chart& chart_;
  std::int64_t now_;
  Goal goal_;
  Samples all_;
  std::map<std::string, Samples> of_call_, of_collection_;
  std::map<std::pair<std::string, std::string>, std::vector<ColumnCount>> standing_;
  std::map<std::pair<std::string, std::string>, std::unique_ptr<Walks>> walks_;
};

}  // namespace aiguillage::workflows
