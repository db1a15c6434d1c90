// Projects: what we hold of an application, with the snapshot of its life on the rails.
// The columns beside the snapshot are what pages and lists need, written by the same act.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct Project {
  std::int64_t id = 0;
  std::string number;  // AIG-2026-0042
  std::string call;
  std::string definition;  // hash of the pinned definition
  std::string title;
  std::string collection;   // slug, "" = « sans collection »
  std::int64_t holder = 0;  // person
  std::string administration;
  std::string siret;
  std::int64_t dossier = 0;  // DS number, 0 without
  std::int64_t version = 0;
  std::string states;         // active ids but the root, document order, space separated
  std::string state;          // the top-level one: the pipeline's column
  std::string file_holder;    // role whose turn it is, "" at the end
  std::int64_t since_at = 0;  // when it entered `state`
  std::int64_t due_at = 0;    // nearest deadline, 0 without
  std::int64_t created_at = 0;
  std::int64_t ended_at = 0;   // 0 while it lives
  std::string publication_on;  // ISO date of the slot, then of the day it went online, "" without
  std::string course_url;      // where the training is, "" until it is online
  nlohmann::json snapshot;
  bool erased = false;  // by EraseProject; `snapshot` is then null
};
// Gives it the next number of `year` ("AIG-2026-0042") and its id.
Project InsertProject(Session&, Project, int year);
// Optimistic: false when the stored version is not `expected` (nothing written then).
bool UpdateProject(Session&, const Project&, std::int64_t expected);
// The same by whoever has just read it as `before`, in this transaction.
bool UpdateProject(Session&, const Project& before, const Project& after);
std::optional<Project> FindProject(Session&, const std::string& number);
std::optional<Project> FindProjectById(Session&, std::int64_t id);
std::optional<Project> FindProjectByDossier(Session&, std::int64_t dossier);
std::int64_t ProjectOfDossier(Session&, std::int64_t dossier);  // its id, 0 when it is none

// The projects of a call that came after the one with that id, oldest first.
std::vector<Project> ProjectsAfter(Session&, const std::string& call, std::int64_t id, int limit);

// The ids that follow that one, in order: whoever goes through the whole record.
std::vector<std::int64_t> ProjectIdsAfter(Session&, std::int64_t id, int limit);

inline constexpr char kNoCollection[] = "-";  // ProjectFilter::collection for « sans collection »

// How far projects came (storage/flow.h): one of these phases at the furthest, the state it ended
// in, when the application came, in whole months by their first days. Empty fields do not filter.
struct ReachFilter {
  std::vector<std::string> phases;
  std::string from_phases;  // how an address says them: « framing_review,relay » and what follows
  std::string outcome;
  std::string administration;  // kNoCollection: those that name none
  std::int64_t from_day = 0, to_day = 0;
  std::int64_t reviewed_to = 0;  // online, and nobody looked at it since that day
  bool operator==(const ReachFilter&) const = default;
};

// One predicate for a list, its count, and the figure that links to it.
struct ProjectFilter {
  std::string call, collection, state, file_holder, text;  // text: full-text, accents ignored
  std::int64_t person = 0;  // only those where this person is holder or holds a project grant
  bool overdue = false;     // due before `now`
  std::int64_t now = 0;
  std::string sort = "due";  // due | number | title | since
  int limit = 50, offset = 0;
  bool subcollections = false;  // `collection` and its children
  // Those that live, and those whose training is online; `text` then looks at open words only.
  bool shown_to_all = false;
  ReachFilter reach;
};
std::vector<Project> ListProjects(Session&, const ProjectFilter&);  // snapshot left empty
std::int64_t CountProjects(Session&, const ProjectFilter&);
// Of the projects whose holder this is; those due first where there are more than `limit`.
std::vector<std::string> NumbersHeldBy(Session&, std::int64_t person, int limit);

// Slots fixed and trainings online of the projects that live, newest first, 500 at most; a
// suspended project announces nothing.
std::vector<Project> Publications(Session&);

struct PipelineCell {
  std::string call, collection, state;
  std::int64_t count = 0, overdue = 0;
};
// Projects of a call that stand in the very same states (space-separated, as project.states).
struct StandingCount {
  std::string states;
  std::int64_t count = 0, overdue = 0;
};
std::vector<StandingCount> CountByStates(Session&, const std::string& call, std::int64_t now);

std::vector<PipelineCell> Pipeline(Session&, const std::string& call, std::int64_t now);

// Projects but that one whose text has some of these words or phrases, the nearest first.
std::vector<Project> NearestProjects(Session&, const std::vector<std::string>& phrases,
                                     std::int64_t but, int limit);

// Feeds the full-text row of a project: words that anybody logged in may search by (title, number,
// administration, skills), and those of whoever reads the dossier (holder, answers). Not called by
// InsertProject: a project without it is found by every filter but `text`.
void IndexProject(Session&, std::int64_t project, const std::string& open, const std::string& body);

}  // namespace aiguillage::storage
