#include "web/demo/story.h"

#include <algorithm>

#include "workflows/calendar.h"

namespace aiguillage::web {
namespace {

using nlohmann::json;

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kHour = 60 * kMinute;

struct Step {
  std::string act, by;
  std::int64_t low = 0, high = 0;
  bool rigid = false;
};

Step ReadStep(const json& step) {
  return {step.at("act"), step.at("by"), step.at("days").at(0), step.at("days").at(1),
          step.value("rigid", false)};
}

// The steps of a fate: the main road up to and including `until` ("review.submit#2" is the second
// of that name), then its own.
std::vector<Step> StepsOf(const json& demo, const json& fate) {
  std::string until = fate.at("until");
  int wanted = 1;
  if (const auto mark = until.find('#'); mark != std::string::npos) {
    wanted = std::stoi(until.substr(mark + 1));
    until.resize(mark);
  }
  std::vector<Step> steps;
  if (!until.empty()) {
    for (const auto& step : demo.at("main")) {
      steps.push_back(ReadStep(step));
      if (step.at("act") == until && --wanted == 0) break;
    }
  }
  for (const auto& step : fate.at("then")) steps.push_back(ReadStep(step));
  return steps;
}

// Somebody's working day at or after an instant, at an hour when offices are open.
std::int64_t OfficeHour(std::int64_t at, const Chance& chance) {
  const workflows::Calendar calendar;
  while (!workflows::IsWorkingDay(workflows::ParisDate(at), calendar)) at += kDay;
  const std::int64_t midnight = workflows::EndOfParisDay(workflows::ParisDate(at)) + 1000 - kDay;
  return midnight + 9 * kHour + chance(0, 8 * 60) * kMinute;
}

// Lays the steps between the filing and the last act: rigid delays as drawn, the others stretched
// or pressed so that the last one falls when it should.
void LayActs(PlannedProject& project, const std::vector<Step>& steps, std::int64_t last_at,
             const Chance& chance) {
  std::vector<std::int64_t> delays;
  std::int64_t rigid = 0, elastic = 0;
  for (const auto& step : steps) {
    delays.push_back(chance(step.low, step.high) * kDay);
    (step.rigid ? rigid : elastic) += delays.back();
  }
  const std::int64_t room = std::max(last_at - project.filed_at - rigid, elastic / 4);
  const double factor =
      elastic == 0 ? 1.0 : static_cast<double>(room) / static_cast<double>(elastic);
  std::int64_t at = project.filed_at;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double delay = static_cast<double>(delays[i]) * (steps[i].rigid ? 1.0 : factor);
    const std::int64_t wanted = OfficeHour(at + static_cast<std::int64_t>(delay), chance);
    at = std::min(std::max(wanted, at + 10 * kMinute), last_at + kDay);
    project.acts.push_back({at, steps[i].act, steps[i].by});
  }
}

// When a dossier whose last act is at `last_at` was filed: early enough for its steps, and, where
// some of them can be stretched, anywhere in the call's weeks.
std::int64_t FiledAt(const json& call, std::int64_t now, const std::vector<Step>& steps,
                     std::int64_t last_at, const Chance& chance) {
  std::int64_t needed = 0;
  bool elastic = false;
  for (const auto& step : steps) {
    needed += step.rigid ? step.high : (step.low + step.high) / 2;
    elastic = elastic || !step.rigid;
  }
  const std::int64_t opened = now - call.at("opens_days_ago").get<std::int64_t>() * kDay;
  const std::int64_t closing = opened + call.at("open_days").get<std::int64_t>() * kDay;
  const std::int64_t latest = std::min({closing, now - kDay, last_at - needed * kDay});
  const std::int64_t earliest = elastic ? std::min(opened + kDay, latest) : latest;
  const std::int64_t days = chance(0, (latest - earliest) / kDay);
  return OfficeHour(earliest + days * kDay, chance);
}

void Dress(PlannedProject& project, const json& demo, std::size_t index) {
  const auto& titles = demo.at("projects");
  const auto& subject = titles.at(index % titles.size());
  project.title = subject.at("title");
  const std::string angle =
      demo.at("angles").at((index / titles.size()) % demo.at("angles").size());
  if (!angle.empty()) project.title += " – " + angle;
  project.collection = subject.at("collection");
  const auto& administrations = demo.at("administrations");
  const auto& administration = administrations.at((index * 7) % administrations.size());
  project.administration = administration.at("name");
  project.siret = administration.at("siret");
  const auto& holders = demo.at("holders");
  project.holder_name = holders.at(index % holders.size()).get<std::string>();
  project.holder_email =
      "porteur" + std::to_string(index % holders.size() + 1) + "@exemple.invalid";
}

}  // namespace

std::string DaysBefore(std::int64_t now, std::int64_t days) {
  return workflows::ParisDate(now - days * kDay);
}

std::vector<PlannedProject> PlanStories(const json& demo, std::int64_t now, const Chance& chance) {
  std::vector<PlannedProject> projects;
  for (const auto& fate : demo.at("fates")) {
    const auto& call = demo.at("calls").at(fate.at("call").get<std::string>());
    const auto steps = StepsOf(demo, fate);
    for (int i = 0; i < fate.at("count").get<int>(); ++i) {
      PlannedProject project;
      project.call = call.at("id");
      Dress(project, demo, projects.size());
      const auto& age = fate.at("age");
      const std::int64_t last_at = now - chance(age.at(0), age.at(1)) * kDay;
      project.filed_at = FiledAt(call, now, steps, last_at, chance);
      LayActs(project, steps, last_at, chance);
      projects.push_back(std::move(project));
    }
  }
  return projects;
}

}  // namespace aiguillage::web
