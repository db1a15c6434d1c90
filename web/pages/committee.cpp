// The committee: its sittings, and one of them with its agenda in order of merit.
#include "web/committee.h"

#include "notifications/convene.h"
#include "storage/calls.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/panel.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

constexpr std::size_t kNoteMax = 2000;
constexpr std::size_t kAgendaMax = 200;

std::vector<storage::Call> CallsSeen(Visit& visit, storage::Session& session) {
  auto calls = storage::Calls(session);
  std::erase_if(calls, [&](const auto& call) { return !SeesCommittee(*visit.visitor, call.id); });
  return calls;
}

void AddSittings(View& view, Visit& visit, storage::Session& session) {
  view.SetList("sittings").SetList("calls");
  bool may_add = false;
  for (const auto& call : CallsSeen(visit, session)) {
    if (DecidesInCommittee(*visit.visitor, call.id)) {
      may_add = true;
      view.AddRow("calls").Set("option_value", call.id).Set("option_label", call.title);
    }
    for (const auto& sitting : storage::CommitteeSessions(session, call.id)) {
      const auto items = storage::CommitteeItems(session, sitting.id);
      const auto released = std::count_if(items.begin(), items.end(),
                                          [](const auto& item) { return !item.act.empty(); });
      view.AddRow("sittings")
          .Set("s_href", "/comite/" + std::to_string(sitting.id))
          .Set("s_date", FrenchIsoDate(sitting.held_on))
          .Set("s_call", call.title)
          .Set("s_projects", Plural(static_cast<std::int64_t>(items.size()), "projet", "projets"))
          .Set("s_released", Plural(released, "décision publiée", "décisions publiées"));
    }
  }
  view.Set("may_add", may_add);
}

Response ShowSittings(Visit& visit, int status, const std::string& error) {
  View view;
  visit.services.database.Read(
      [&](storage::Session& session) { AddSittings(view, visit, session); });
  view.Set("error", error)
      .Set("new_date", visit.request.Field("date"))
      .Set("new_note", visit.request.Field("note"));
  return Page(visit, status, "committee", error.empty() ? "Comité" : "Erreur : Comité",
              std::move(view));
}

std::string SittingError(Visit& visit, const std::string& call, const std::string& date,
                         const std::string& note) {
  const auto known = visit.services.database.Read(
      [&](storage::Session& session) { return storage::FindCall(session, call); });
  if (!known || !DecidesInCommittee(*visit.visitor, call)) return "Choisissez un appel.";
  if (date.size() != 10 || !workflows::ParseInstant(date)) {
    return "Donnez la date de la séance, comme 2027-03-02.";
  }
  if (note.size() > kNoteMax) return "Raccourcissez la note : 2000 caractères au plus.";
  return "";
}

void AddRowWords(View& row, const Sitting& sitting, const SittingRow& line) {
  const auto* choice = sitting.FindChoice(line.item.decision);
  const bool held = line.Holds() && !line.own_side;
  row.Set("r_number", line.project.number)
      .Set("r_href", "/projets/" + line.project.number)
      .Set("r_title", line.project.title)
      .Set("r_administration", line.project.administration)
      .Set("r_state", line.state)
      .Set("r_own", line.own_side)
      .Set("r_rank", line.has_marks && !line.own_side ? std::to_string(line.ranked.rank) : "")
      .Set("r_total", line.has_marks && !line.own_side ? Mark(line.ranked.total) : "")
      .Set("r_passes", line.ranked.passes)
      .Set("r_tie", line.own_side ? "" : line.tie)
      .Set("r_panel", line.has_marks && !line.own_side
                          ? "/projets/" + line.project.number + "/consolidation"
                          : "")
      .Set("r_decided", line.decided ? line.decided->label : "")
      .Set("r_decided_on", line.decided ? workflows::FrenchDate(line.decided->at) : "")
      .Set("r_held", held ? (choice == nullptr ? line.item.decision : choice->label) : "")
      .Set("r_held_href",
           held ? sitting.Href("/decisions") +
                      QueryOf({{"action", line.item.decision}, {"projet", line.project.number}})
                : "")
      .Set("r_pick", sitting.may_decide && !line.decided && !line.own_side)
      .Set("r_remove", sitting.may_decide && !line.decided);
}

void AddAgenda(View& view, storage::Session& session, const Sitting& sitting) {
  view.SetList("rows").SetList("choices").SetList("candidates");
  std::int64_t held = 0, decided = 0;
  bool pick = false, remove = false, more = false;
  for (const auto& line : sitting.rows) {
    AddRowWords(view.AddRow("rows"), sitting, line);
    held += line.Holds() ? 1 : 0;
    decided += line.decided ? 1 : 0;
    remove = remove || (sitting.may_decide && !line.decided);
    pick = pick || (sitting.may_decide && !line.decided && !line.own_side);
  }
  for (const auto& choice : sitting.choices) {
    view.AddRow("choices").Set("d_id", choice.id).Set("d_label", choice.label);
  }
  if (sitting.may_decide) {
    for (const auto& project : Candidates(session, sitting)) {
      std::string elsewhere;
      for (const auto& other : storage::OtherSittings(session, project.id, sitting.session.id)) {
        elsewhere +=
            (elsewhere.empty() ? "aussi à la séance du " : ", du ") + FrenchIsoDate(other.held_on);
      }
      more = true;
      view.AddRow("candidates")
          .Set("a_number", project.number)
          .Set("a_title", project.title)
          .Set("a_waitlisted", project.state == "waitlisted")
          .Set("a_elsewhere", elsewhere);
    }
  }
  const auto total = static_cast<std::int64_t>(sitting.rows.size());
  view.Set("agenda_count", Plural(total, "projet à l’ordre du jour", "projets à l’ordre du jour"))
      .Set("decided_count", Plural(decided, "décidé", "décidés"))
      .Set("held_count", held == 0 ? ""
                                   : Plural(held, "décision préparée, pas encore publiée",
                                            "décisions préparées, pas encore publiées"))
      .Set("may_pick", pick)
      .Set("may_add", more)
      .Set("may_arrange", more || remove)
      .Set("may_decide", sitting.may_decide);
}

// What was asked of the agenda, for the numbers ticked that are projects of this call.
void Rearrange(storage::Session& session, const Sitting& sitting, const Visit& visit) {
  const auto candidates = Candidates(session, sitting);
  std::size_t count = sitting.rows.size();
  for (const auto& [name, value] : visit.request.fields) {
    if (name == "projet") {
      const auto found = std::find_if(candidates.begin(), candidates.end(),
                                      [&](const auto& one) { return one.number == value; });
      if (found == candidates.end() || count >= kAgendaMax) continue;
      storage::AddToAgenda(session, sitting.session.id, found->id);
      ++count;
    }
    for (const auto& row : sitting.rows) {
      if (row.project.number != value || row.decided) continue;
      if (name == "retirer") {
        storage::TakeOffAgenda(session, sitting.session.id, row.project.id);
      } else if (name == "defaire" && row.Holds()) {
        storage::HoldDecision(session, {sitting.session.id, row.project.id});
      }
    }
  }
}

std::vector<storage::Project> AgendaOf(const Sitting& sitting) {
  std::vector<storage::Project> agenda;
  for (const auto& row : sitting.rows) agenda.push_back(row.project);
  return agenda;
}

// Whether the committee was convened, and what the button would do.
void AddConvened(View& view, const Visit& visit, storage::Session& session,
                 const Sitting& sitting) {
  const auto last = notifications::LastConvened(session, sitting.session, AgendaOf(sitting));
  const auto told = IdIn(visit.request.Query("convoques"));
  const bool over = sitting.session.held_on < workflows::ParisDate(visit.now);
  view.Set("convened_on", last.at == 0 ? "" : workflows::FrenchInstant(last.at))
      .Set("convened_changed", last.changed)
      .Set("may_convene", sitting.may_decide && !over && (last.at == 0 || last.changed))
      .Set("convene_href", sitting.Href("/convocation"))
      .Set("convened_now", told ? Plural(*told, "personne est convoquée ou prévenue",
                                         "personnes sont convoquées ou prévenues")
                                : "")
      .Set("convened_nobody", visit.request.Query("convoques") == "0" && last.at == 0);
}

}  // namespace

Response CommitteePage(Visit& visit) { return ShowSittings(visit, 200, ""); }

Response AddSitting(Visit& visit) {
  const std::string call = visit.request.Field("appel");
  const std::string date = Trim(visit.request.Field("date"));
  const std::string note = Trim(visit.request.Field("note"));
  const std::string error = SittingError(visit, call, date, note);
  if (!error.empty()) return ShowSittings(visit, 422, error);
  const auto id = visit.services.database.Write([&](storage::Session& session) {
    return storage::InsertCommitteeSession(
        session, {0, call, date, note, visit.visitor->person.id, visit.now});
  });
  return SeeOther("/comite/" + std::to_string(id));
}

Response SittingPage(Visit& visit) {
  View view;
  std::string title;
  visit.services.database.Read([&](storage::Session& session) {
    const Sitting sitting = ReadSitting(visit, session);
    title = sitting.Title();
    view.Set("call_title", sitting.call.title)
        .Set("note", sitting.session.note)
        .Set("sitting_href", sitting.Href())
        .Set("prepare_href", sitting.Href("/decisions"))
        .Set("release_href", sitting.Href("/publication"))
        .Set("minutes_href", sitting.Href("/proces-verbal"))
        .Set("none_ticked", visit.request.Query("manque") == "1");
    AddAgenda(view, session, sitting);
    AddConvened(view, visit, session, sitting);
  });
  return Page(visit, 200, "sitting", title, std::move(view));
}

Response ConveneCommittee(Visit& visit) {
  const auto [href, told] = visit.services.database.Write([&](storage::Session& session) {
    const Sitting sitting = ReadSitting(visit, session);
    if (!sitting.may_decide) {
      throw HttpError(403, "Cette séance est celle du comité d’un autre appel.");
    }
    return std::pair(sitting.Href(), notifications::Convene(session, sitting.session, sitting.call,
                                                            AgendaOf(sitting), visit.now));
  });
  return SeeOther(href + QueryOf({{"convoques", std::to_string(told)}}));
}

Response ChangeAgenda(Visit& visit) {
  const auto href = visit.services.database.Write([&](storage::Session& session) {
    const Sitting sitting = ReadSitting(visit, session);
    if (!sitting.may_decide) {
      throw HttpError(403, "Cette séance est celle du comité d’un autre appel.");
    }
    Rearrange(session, sitting, visit);
    return sitting.Href();
  });
  return SeeOther(href);
}

}  // namespace aiguillage::web
