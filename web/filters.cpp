#include "web/filters.h"

#include <algorithm>

#include "storage/calls.h"
#include "storage/flow.h"
#include "web/figures/call_rails.h"
#include "workflows/flow.h"

namespace aiguillage::web {

namespace {

constexpr std::size_t kTextMax = 200;

int PageNumber(const std::string& text) {
  if (text.empty() || text.size() > 5 ||
      text.find_first_not_of("0123456789") != std::string::npos) {
    return 1;
  }
  return std::max(1, std::stoi(text));
}

std::string Slug(const std::string& text) {
  const bool plain = text.size() <= 100 && std::all_of(text.begin(), text.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
                     });
  return plain ? text : "";
}

// By its first day, 0 without.
std::int64_t MonthIn(const Request& request, const char* name) {
  const std::int64_t day = workflows::DayOf(request.Query(name));
  return day == 0 ? 0 : storage::FirstOfMonth(day);
}

std::string DayWords(std::int64_t day) { return day == 0 ? "" : workflows::IsoDay(day); }

}  // namespace

RegisterQuery ReadFilters(const Visit& visit) {
  const Request& request = visit.request;
  RegisterQuery query;
  query.filter.call = Slug(request.Query("appel"));
  query.filter.collection = Slug(request.Query("collection"));
  query.filter.state = Slug(request.Query("etat"));
  query.filter.file_holder = Slug(request.Query("chez"));
  query.filter.text = request.Query("q").substr(0, kTextMax);
  if (!IsCleanText(query.filter.text)) query.filter.text.clear();
  query.filter.overdue = request.Query("retard") == "1";
  query.filter.subcollections = !query.filter.collection.empty() && request.Query("sous") == "1";
  for (const auto& phase : SplitList(request.Query("phase").substr(0, kTextMax))) {
    if (Slug(phase).empty()) continue;
    query.filter.reach.from_phases += (query.filter.reach.from_phases.empty() ? "" : ",") + phase;
  }
  if (!query.filter.reach.from_phases.empty()) {
    visit.services.database.Read([&](storage::Session& session) {
      std::vector<std::string> calls = {query.filter.call};
      if (query.filter.call.empty()) {
        calls.clear();
        for (const auto& call : storage::Calls(session)) calls.push_back(call.id);
      }
      query.filter.reach.phases = CallRails(session, visit.services.catalog, calls)
                                      .PhasesFrom(SplitList(query.filter.reach.from_phases));
    });
  }
  query.filter.reach.outcome = Slug(request.Query("issue"));
  const std::string administration = request.Query("administration").substr(0, kTextMax);
  if (IsCleanText(administration)) query.filter.reach.administration = administration;
  query.filter.reach.from_day = MonthIn(request, "recu_de");
  query.filter.reach.to_day = MonthIn(request, "recu_a");
  query.filter.reach.reviewed_to = workflows::DayOf(request.Query("sans_revue_depuis"));
  const std::string sort = request.Query("tri");
  for (const char* known : {"due", "number", "title", "since"}) {
    if (sort == known) query.filter.sort = known;
  }
  // Colleagues know what is being made and what is online; what ended otherwise is its own
  // people's.
  if (request.Query("mes") == "1") {
    query.filter.person = visit.visitor->person.id;
  } else {
    query.filter.shown_to_all = !visit.visitor->IsStaff();
  }
  query.filter.now = visit.now;
  query.page = PageNumber(request.Query("page"));
  query.filter.limit = kRowsPerPage;
  query.filter.offset = (query.page - 1) * kRowsPerPage;
  return query;
}

std::string RegisterAddress(const storage::ProjectFilter& filter, int page) {
  return "/projets" + QueryOf({{"q", filter.text},
                               {"appel", filter.call},
                               {"collection", filter.collection},
                               {"etat", filter.state},
                               {"chez", filter.file_holder},
                               {"sous", filter.subcollections ? "1" : ""},
                               {"phase", filter.reach.from_phases},
                               {"issue", filter.reach.outcome},
                               {"administration", filter.reach.administration},
                               {"recu_de", DayWords(filter.reach.from_day)},
                               {"recu_a", DayWords(filter.reach.to_day)},
                               {"sans_revue_depuis", DayWords(filter.reach.reviewed_to)},
                               {"retard", filter.overdue ? "1" : ""},
                               {"mes", filter.person != 0 ? "1" : ""},
                               {"tri", filter.sort == "due" ? "" : filter.sort},
                               {"page", page > 1 ? std::to_string(page) : ""}});
}

}  // namespace aiguillage::web
