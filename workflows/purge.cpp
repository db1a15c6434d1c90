// Which finished projects have outlived their duration, and their erasing (verify.h says the rest).
#include "storage/purge.h"

#include <algorithm>
#include <filesystem>

#include "storage/projects.h"
#include "workflows/calendar.h"
#include "workflows/verify.h"

namespace aiguillage::workflows {
namespace {

constexpr int kPurgePage = 500;

// A project that was accepted is a business file, however it ended.
bool WasAccepted(const storage::Project& project) {
  if (project.state == "archived") return true;
  const auto found = project.snapshot.find("data");
  return found != project.snapshot.end() && found->is_object() &&
         found->value("accepted", nlohmann::json()) == nlohmann::json(true);
}

std::int64_t KeptUntil(const storage::Project& project, const Retention& retention) {
  const int months =
      WasAccepted(project) ? retention.completed_months : retention.unsuccessful_months;
  return DueAt({DeadlineUnit::kMonths, months, ""}, project.ended_at, {}, {});
}

template <typename Visit>
void EachEnded(storage::Session& session, Visit&& visit) {
  storage::ProjectFilter filter;
  filter.sort = "number";
  filter.limit = kPurgePage;
  for (;;) {
    const auto page = storage::ListProjects(session, filter);
    for (const auto& line : page) {
      if (line.ended_at == 0 || line.erased) continue;
      if (const auto project = storage::FindProjectById(session, line.id)) visit(*project);
    }
    if (page.size() < static_cast<std::size_t>(kPurgePage)) return;
    filter.offset += kPurgePage;
  }
}

}  // namespace

PurgePlan PlanPurge(storage::Database& database, const Retention& retention, std::int64_t now,
                    std::int64_t before) {
  return database.Read([&](storage::Session& session) {
    PurgePlan plan;
    std::int64_t until = 0;  // when the last of those asked for may go
    EachEnded(session, [&](const storage::Project& project) {
      if (before != 0 && project.ended_at >= before) return;
      const std::int64_t kept = KeptUntil(project, retention);
      if (kept <= now) {
        plan.numbers.push_back(project.number);
      } else if (before != 0) {
        until = std::max(until, kept);
      }
    });
    if (until != 0) {
      plan.numbers.clear();
      plan.refused = "Des projets terminés avant cette date doivent être gardés jusqu’au " +
                     FrenchDate(until) + ".";
    }
    return plan;
  });
}

int CarryOutPurge(storage::Database& database, const PurgePlan& plan,
                  const std::string& files_dir) {
  int erased = 0;
  for (const std::string& number : plan.numbers) {
    const auto hashes = database.Write([&](storage::Session& session) {
      const auto project = storage::FindProject(session, number);
      return project ? storage::EraseProject(session, project->id) : std::vector<std::string>{};
    });
    ++erased;
    if (files_dir.empty()) continue;
    for (const std::string& hash : hashes) {
      std::error_code ignored;  // already gone is as good
      std::filesystem::remove(std::filesystem::path(files_dir) / hash, ignored);
    }
  }
  return erased;
}

}  // namespace aiguillage::workflows
