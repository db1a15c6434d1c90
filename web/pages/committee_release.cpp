// Releasing what is held: each decision becomes an act of its own at the desk, all in one gesture.
#include "storage/hash.h"
#include "storage/journal.h"
#include "web/committee.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/words.h"

namespace aiguillage::web {

namespace {

struct ReleaseRow {
  SittingRow row;
  std::string why;  // "" when it can be, or was, done
  std::string outcome;
  bool ticked = true;
};

struct Releases {
  Sitting sitting;
  std::vector<ReleaseRow> rows;
  bool done = false;
};

// Which of the decisions held the visitor ticked, as they were when the page was shown.
std::string TickedKey(const Visit& visit, const std::string& number) {
  for (const auto& [name, value] : visit.request.fields) {
    if (name == "projet" && value == number) return visit.request.Field("cle." + number);
  }
  return "-";
}

Releases ReadReleases(Visit& visit, storage::Session& session) {
  Releases releases;
  releases.sitting = ReadSitting(visit, session);
  if (!releases.sitting.may_decide) {
    throw HttpError(403, "Cette séance est celle du comité d’un autre appel.");
  }
  for (const auto& row : releases.sitting.rows) {
    if (!row.Holds() || row.own_side) continue;
    releases.rows.push_back(
        {row, WhyNot(visit, session, releases.sitting, row, row.item.decision), "", true});
  }
  return releases;
}

void RehearseReleases(Visit& visit, Releases& releases) {
  for (auto& one : releases.rows) {
    if (!one.why.empty()) continue;
    const auto answer = visit.services.desk.Act(HeldAct(visit, one.row, true));
    if (answer) {
      one.outcome = OutcomeWords(*releases.sitting.definition, answer.value());
    } else {
      one.why = answer.refusal().sentence;
    }
  }
}

// The act is done, then told to the sitting. Should the second be lost, the act's key gives the
// first answer again to whoever sends it once more.
void ReleaseOne(Visit& visit, const Sitting& sitting, ReleaseRow& one) {
  const auto answer = visit.services.desk.Act(HeldAct(visit, one.row, false));
  if (!answer) {
    one.why = answer.refusal().sentence;
    return;
  }
  one.outcome = OutcomeWords(*sitting.definition, answer.value());
  visit.services.database.Write([&](storage::Session& session) {
    storage::ReleaseDecision(session, sitting.session.id, one.row.project.id, answer.value().act);
  });
}

// A decision whose act was taken back is a new one when it is released again.
void RenewKeys(Visit& visit, Releases& releases) {
  visit.services.database.Write([&](storage::Session& session) {
    for (auto& one : releases.rows) {
      if (one.row.item.act.empty() || !one.ticked || !one.why.empty()) continue;
      one.row.item.act.clear();
      one.row.item.key = storage::RandomHex(16);
      storage::HoldDecision(session, one.row.item);
    }
  });
}

Response ShowReleases(Visit& visit, const Releases& releases) {
  View view;
  std::int64_t possible = 0, made = 0;
  view.SetList("rows");
  for (const auto& one : releases.rows) {
    const auto* choice = releases.sitting.FindChoice(one.row.item.decision);
    const auto reason = one.row.item.answers.find("reason");
    possible += one.why.empty() ? 1 : 0;
    made += one.why.empty() && one.ticked ? 1 : 0;
    view.AddRow("rows")
        .Set("r_number", one.row.project.number)
        .Set("r_href", "/projets/" + one.row.project.number)
        .Set("r_title", one.row.project.title)
        .Set("r_decision", choice == nullptr ? one.row.item.decision : choice->label)
        .Set("r_reason", reason != one.row.item.answers.end() && reason->is_string()
                             ? reason->get<std::string>()
                             : "")
        .Set("r_key", one.row.item.key)
        .Set("r_can", one.why.empty())
        .Set("r_ticked", one.ticked)
        .Set("r_why", one.why)
        .Set("r_outcome", one.outcome);
  }
  view.Set("sitting_title", releases.sitting.Title())
      .Set("sitting_href", releases.sitting.Href())
      .Set("release_href", releases.sitting.Href("/publication"))
      .Set("minutes_href", releases.sitting.Href("/proces-verbal"))
      .Set("done", releases.done)
      .Set("done_count", Plural(made, "décision publiée", "décisions publiées"))
      .Set("grace", Plural(visit.services.options.grace_minutes, "minute", "minutes"))
      .Set("any", !releases.rows.empty())
      .Set("offered", possible > 0 && !releases.done);
  return Page(visit, 200, "committee_release",
              releases.done ? "Décisions publiées" : "Publier les décisions", std::move(view));
}

}  // namespace

Response ReleasePage(Visit& visit) {
  Releases releases = visit.services.database.Read(
      [&](storage::Session& session) { return ReadReleases(visit, session); });
  RehearseReleases(visit, releases);
  return ShowReleases(visit, releases);
}

Response ReleaseDecisions(Visit& visit) {
  Releases releases = visit.services.database.Read(
      [&](storage::Session& session) { return ReadReleases(visit, session); });
  for (auto& one : releases.rows) {
    const std::string key = TickedKey(visit, one.row.project.number);
    one.ticked = key != "-";
    if (one.ticked && one.why.empty() && key != one.row.item.key) {
      one.why = "La décision préparée a changé depuis l’ouverture de cette page : relisez-la.";
    }
  }
  RenewKeys(visit, releases);
  for (auto& one : releases.rows) {
    if (one.ticked && one.why.empty()) ReleaseOne(visit, releases.sitting, one);
  }
  releases.done = true;
  return ShowReleases(visit, releases);
}

}  // namespace aiguillage::web
