// A dossier becomes a project: its holder a person, its rails pinned, its first act `intake`.
#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "forms/validate.h"
#include "storage/documents.h"
#include "storage/flow.h"
#include "storage/hash.h"
#include "workflows/desk_run.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;

constexpr const char* kForm = "application";

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// What tells one intake from another: the same dossier read again may have changed meanwhile.
std::string DigestOf(const IntakeRequest& request) {
  return storage::Sha256("intake " + request.call + " " + std::to_string(request.dossier) + " " +
                         (request.dossier == 0 ? request.title : std::string()));
}

std::int64_t PersonFor(storage::Session& session, const std::string& typed, const std::string& name,
                       const std::string& siret, std::int64_t now) {
  const std::string email = Lower(typed);
  const std::string error = forms::FormatError("email", email);
  if (email.empty() || !error.empty()) {
    throw Refused{{"form", "Adresse du porteur « " + email + " » : " + error, {}}};
  }
  if (auto known = storage::FindPersonByEmail(session, email)) {
    const bool fills =
        (known->name.empty() && !name.empty()) || (known->siret.empty() && !siret.empty());
    if (known->name.empty()) known->name = name;
    if (known->siret.empty()) known->siret = siret;
    if (fills) storage::UpdatePerson(session, *known);
    return known->id;
  }
  storage::Person person;
  person.email = email;
  person.name = name;
  person.siret = siret;
  person.created_at = now;
  return storage::InsertPerson(session, person);
}

storage::Project NewProject(storage::Session& session, const IntakeRequest& request,
                            const std::string& definition) {
  storage::Project project;
  project.call = request.call;
  project.definition = definition;
  project.title = request.title;
  const bool known = storage::FindCollection(session, request.collection).has_value();
  project.collection = known ? request.collection : "";
  project.holder =
      PersonFor(session, request.holder_email, request.holder_name, request.siret, request.now);
  project.administration = request.administration;
  project.siret = request.siret;
  project.dossier = request.dossier;
  project.since_at = request.now;
  project.created_at = request.now;
  project.snapshot = json::object();
  const int year = std::atoi(ParisDate(request.now).substr(0, 4).c_str());
  return storage::InsertProject(session, project, year);
}

void AddCoHolders(storage::Session& session, const IntakeRequest& request,
                  const storage::Project& project) {
  for (const std::string& email : request.co_holders) {
    const std::int64_t person = PersonFor(session, email, "", "", request.now);
    if (person == project.holder) continue;
    storage::InsertGrant(session,
                         {0, person, "co_holder", ProjectScope(project.number), request.now, 0});
  }
}

// Start and the event `intake`, as one macrostep to whoever reads the journal.
engine::StepResult FirstStep(const engine::Chart& chart, const engine::Event& event,
                             const std::string& number) {
  engine::StepInput input;
  input.session_id = number;
  auto start = engine::Start(chart, input);
  auto step = engine::Step(chart, start.snapshot, event, input);
  const auto before = [](auto& list, auto& first) {
    list.insert(list.begin(), first.begin(), first.end());
  };
  before(step.effects, start.effects);
  before(step.entered, start.entered);
  before(step.transition_lines, start.transition_lines);
  before(step.incidents, start.incidents);
  step.finished = step.finished || start.finished;
  return step;
}

// A project that search does not find yet.
struct Fresh {
  storage::Project project;
  const json* answers;
};

ActAnswer IntakeIn(storage::Session& session, Catalog& catalog, const DeskOptions& options,
                   const IntakeRequest& request, std::vector<Fresh>& fresh) {
  const std::string digest = DigestOf(request);
  if (auto first = FirstAnswer(session, request.key, digest)) return *first;
  const auto call = storage::FindCall(session, request.call);
  const auto definition = call ? catalog.Newest(call->definition) : nullptr;
  if (!definition) {
    throw Refused{{"unknown_call", "Aucun appel « " + request.call + " » avec ses rails.", {}}};
  }
  if (request.title.empty()) throw Refused{{"form", "Le dossier n’a pas de titre.", {}}};
  if (request.dossier != 0 && storage::ProjectOfDossier(session, request.dossier) != 0) {
    throw Refused{{"known_dossier", "Ce dossier est déjà un projet.", {}}};
  }
  if (!storage::HoldsDefinition(session, definition->hash)) {
    storage::SaveDefinition(session,
                            {definition->hash, definition->name, request.now, definition->files});
  }
  const storage::Project project = NewProject(session, request, definition->hash);
  AddCoHolders(session, request, project);
  Work work(session, *definition, options, request.now, project);
  work.call = *call;
  work.permit.role = request.dossier == 0 ? "system" : "ds";
  work.act = options.new_id();
  work.form = kForm;
  work.answers = request.answers;
  work.event.name = "intake";
  work.event.data = {
      {"ds_state", request.ds_state}, {"dossier", request.dossier}, {"filed_on", request.filed_on}};
  work.step = FirstStep(definition->chart, work.event, project.number);
  CarryOut(work);
  KeepAnswer(session, request.key, digest, work.answer, request.now);
  fresh.push_back({std::move(work.project), &request.answers});
  return std::move(work.answer);
}

// Last of the transaction: SQLite's index writes its pages out whenever another table is written
// after it.
void MakeFindable(storage::Session& session, const std::vector<Fresh>& fresh) {
  for (const Fresh& one : fresh) IndexForSearch(session, one.project, *one.answers);
}

}  // namespace

engine::Outcome<ActAnswer> Desk::Intake(const IntakeRequest& request) {
  return RunAct(database_, options_, "", request.now, /*dry_run=*/false,
                [&](storage::Session& session) {
                  std::vector<Fresh> fresh;
                  auto answer = IntakeIn(session, catalog_, options_, request, fresh);
                  MakeFindable(session, fresh);
                  return answer;
                });
}

engine::Outcome<std::vector<ActAnswer>> Desk::Intake(const std::vector<IntakeRequest>& requests) {
  using std::chrono::steady_clock;
  const auto started = steady_clock::now();
  try {
    auto answers = database_.Write([&](storage::Session& session) {
      std::vector<ActAnswer> all;
      std::vector<Fresh> fresh;
      for (const auto& request : requests) {
        all.push_back(IntakeIn(session, catalog_, options_, request, fresh));
      }
      MakeFindable(session, fresh);
      return all;
    });
    if (options_.seen && !answers.empty()) {
      const auto each = (steady_clock::now() - started) / answers.size();
      const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(each).count();
      for (std::size_t i = 0; i < answers.size(); ++i) options_.seen("", micros);
    }
    return answers;
  } catch (const Refused& refused) {
    return refused.refusal;
  }
}

void Desk::RecordAnswers(const std::string& project, const json& answers, std::int64_t now) {
  database_.Write([&](storage::Session& session) {
    const auto found = storage::FindProject(session, project);
    if (!found) throw std::invalid_argument("Expected a known project, but found " + project);
    const auto latest = storage::LatestDocument(session, found->id, kForm);
    if (latest && latest->answers == answers) return;
    storage::Document document;
    document.project = found->id;
    document.form = kForm;
    document.at = now;
    document.answers = answers;
    storage::InsertDocument(session, document);
    storage::Unfollow(session, found->id);
    IndexForSearch(session, *found, answers);
  });
}

}  // namespace aiguillage::workflows
