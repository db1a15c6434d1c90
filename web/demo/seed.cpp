#include "web/demo/seed.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "forms/points.h"
#include "storage/calls.h"
#include "storage/committee.h"
#include "storage/documents.h"
#include "storage/exchange.h"
#include "storage/hash.h"
#include "storage/tasks.h"
#include "web/cli/workers.h"
#include "web/demo/dossier.h"
#include "web/demo/sample_answers.h"
#include "web/demo/story.h"
#include "web/login.h"
#include "workflows/access.h"
#include "workflows/calendar.h"

namespace aiguillage::web {
namespace {

using nlohmann::json;

constexpr std::uint64_t kSeed = 20261;
constexpr std::int64_t kDemarche = 90001;
constexpr std::int64_t kFirstDossier = 21'000'001;

json ReadDemo() {
  const std::string file = ShareDir() + "/web/demo/mentor.json";
  std::ifstream in(file);
  if (!in) throw Refused({"no_demo", "Données de démonstration introuvables : " + file, {}});
  return json::parse(in);
}

// A role of a person, somewhere.
struct Part {
  std::string email, role, scope;
};

class Seeding {
 public:
  Seeding(Workplace& workplace, std::int64_t now)
      : workplace_(workplace),
        workers_(workplace),
        now_(now),
        demo_(ReadDemo()),
        sample_(demo_.at("words"), kSeed) {}

  DemoReport Play() {
    MakeCalls();
    MakePeople();
    projects_ = PlanStories(demo_, now_, Chance());
    std::vector<Moment> moments;
    for (std::size_t i = 0; i < projects_.size(); ++i) {
      moments.push_back({projects_[i].filed_at, i, -1});
      for (std::size_t k = 0; k < projects_[i].acts.size(); ++k) {
        moments.push_back({projects_[i].acts[k].at, i, static_cast<int>(k)});
      }
    }
    std::stable_sort(moments.begin(), moments.end(),
                     [](const Moment& a, const Moment& b) { return a.at < b.at; });
    numbers_.resize(projects_.size());
    reviewers_.resize(projects_.size());
    std::int64_t morning = moments.empty() ? now_ : moments.front().at;
    for (const auto& moment : moments) {
      for (; morning <= moment.at; morning += kDay) PassDay(morning);
      moment.act < 0 ? File(moment.project) : Perform(moment.project, moment.act);
    }
    for (; morning < now_; morning += kDay) PassDay(morning);
    PassDay(now_);
    CloseEarlierCall();
    MakeExchange();
    MakeSitting();
    return report_;
  }

 private:
  struct Moment {
    std::int64_t at;
    std::size_t project;
    int act;  // -1: the filing
  };

  web::Chance Chance() {
    return [this](std::int64_t low, std::int64_t high) { return sample_.Between(low, high); };
  }

  void PassDay(std::int64_t at) {
    workers_.Tick(at, false);
    report_.mails += static_cast<int>(workers_.Deliver(at).sent);
  }

  void MakeCalls() {
    workplace_.database().Write([&](storage::Session& s) {
      for (const auto& [name, plan] : demo_.at("calls").items()) {
        const std::int64_t ago = plan.at("opens_days_ago");
        const std::int64_t open = plan.at("open_days");
        storage::Call call;
        call.id = plan.at("id");
        call.title = plan.at("title");
        call.definition = "mentor";
        call.opens = DaysBefore(now_, ago);
        call.closes = DaysBefore(now_, ago - open);
        call.status = "published";
        storage::SaveCall(s, call);
      }
    });
  }

  void CloseEarlierCall() {
    workplace_.database().Write([&](storage::Session& s) {
      for (const auto& [name, plan] : demo_.at("calls").items()) {
        auto call = storage::FindCall(s, plan.at("id"));
        if (!call) continue;
        call->status = plan.at("status");
        storage::SaveCall(s, *call);
      }
    });
  }

  std::int64_t Person(const json& plan) {
    return workplace_.database().Write([&](storage::Session& s) {
      if (const auto known = storage::FindPersonByEmail(s, plan.at("email"))) return known->id;
      storage::Person person;
      person.email = plan.at("email");
      person.name = plan.at("name");
      person.siret = plan.value("siret", "");
      person.created_at = now_ - 430 * kDay;
      return storage::InsertPerson(s, person);
    });
  }

  void MakePeople() {
    for (const auto& plan : demo_.at("people")) {
      const std::string role = plan.at("role");
      const std::string scope = plan.value("scope", "");
      workplace_.desk().GrantRole(Person(plan), role, scope, now_ - 430 * kDay);
      parts_.push_back({plan.at("email"), role, scope});
    }
    for (const char* team : {"designers", "integrators"}) {
      for (const auto& plan : demo_.at(team)) Person(plan);
    }
  }

  // The dossier goes in by the door of all dossiers: an import.
  void File(std::size_t index) {
    const auto& project = projects_[index];
    const auto& mapping = workplace_.catalog().KitOf("mentor").mapping;
    const std::int64_t number = kFirstDossier + static_cast<std::int64_t>(index);
    const json dossiers =
        json::array({DossierOf(project, number, mapping, demo_.at("words"), Chance())});
    const auto file = std::filesystem::path(workplace_.config().data_dir) / "demo-dossier.json";
    std::ofstream(file) << dossiers.dump();
    const auto imported = workers_.Import(project.filed_at, project.call, {file.string()});
    std::filesystem::remove(file);
    const auto made = workplace_.database().Read(
        [&](storage::Session& s) { return storage::FindProjectByDossier(s, number); });
    if (!made) {
      report_.refused.push_back(project.title + " : " +
                                (imported.words.empty() ? "non repris" : imported.words.front()));
      return;
    }
    numbers_[index] = made->number;
    ++report_.projects;
  }

  // What the exchange leaves to people: a dossier without title, a form that changed since its
  // mapping was written, a difference with DS.
  void MakeExchange() {
    const auto& mapping = workplace_.catalog().KitOf("mentor").mapping;
    const std::int64_t number = kFirstDossier + 900;
    const std::string title = mapping.at("fields").front().at("champ");
    workplace_.database().Write([&](storage::Session& s) {
      storage::Call call = *storage::FindCall(s, projects_.back().call);
      call.demarche = kDemarche;
      storage::SaveCall(s, call);
      storage::SaveDescriptor(s, {kDemarche, FormOfToday(mapping), now_ - kDay});
      storage::SaveComparison(s, kDemarche, now_ - kDay,
                              json::array({{{"number", numbers_.back()},
                                            {"what", "état"},
                                            {"here", "en instruction"},
                                            {"there", "en construction"}}}));
    });
    json dossier = DossierOf(projects_.back(), number, mapping, demo_.at("words"), Chance());
    for (json& champ : dossier["champs"]) {
      if (champ["champDescriptorId"] == title) champ["text"] = champ["stringValue"] = "";
    }
    const auto file = std::filesystem::path(workplace_.config().data_dir) / "demo-dossier.json";
    std::ofstream(file) << json::array({dossier}).dump();
    workers_.Import(now_ - kDay, projects_.back().call, {file.string()});
    std::filesystem::remove(file);
  }

  // The next sitting of the call that has one to hold, with whatever waits for it.
  void MakeSitting() {
    const auto chair = std::find_if(parts_.begin(), parts_.end(), [](const Part& part) {
      return part.role == "committee_chair";
    });
    const std::int64_t by = workplace_.PersonOf(chair->email).id;
    workplace_.database().Write([&](storage::Session& s) {
      for (const auto& call : storage::Calls(s)) {
        storage::ProjectFilter filter;
        filter.call = call.id;
        filter.state = "committee";
        const auto waiting = storage::ListProjects(s, filter);
        if (waiting.empty()) continue;
        const auto id = storage::InsertCommitteeSession(
            s, {0, call.id, DaysBefore(now_, -7), "En visioconférence.", by, now_ - kDay});
        for (const auto& project : waiting) storage::AddToAgenda(s, id, project.id);
      }
    });
  }

  static json FormOfToday(const json& mapping) {
    const std::map<std::string, std::string> types = {
        {"choice", "DropDownList"}, {"choices", "MultipleDropDownList"},
        {"boolean", "YesNo"},       {"date", "Date"},
        {"datetime", "Datetime"},   {"files", "PieceJustificative"},
        {"rows", "Repetition"},     {"linked", "LinkedDropDownList"},
        {"money", "DecimalNumber"}, {"minutes_from_hours", "DecimalNumber"},
        {"siret", "Siret"},         {"department", "Departement"}};
    const auto described = [&](const json& rule) {
      const auto found = types.find(rule.at("type").get<std::string>());
      return json{
          {"id", rule.at("champ")},
          {"label", rule.at("label")},
          {"__typename", (found == types.end() ? "Text" : found->second) + "ChampDescriptor"}};
    };
    json champs = json::array();
    for (const json& rule : mapping.at("fields")) {
      json champ = described(rule);
      if (rule.at("to") == "objectives") champ["label"] = "Objectifs visés";
      for (const json& column : rule.value("rows", json::array())) {
        champ["champDescriptors"].push_back(described(column));
      }
      champs.push_back(std::move(champ));
    }
    champs.push_back({{"id", "Q2hhbXAtOTk5OQ=="},
                      {"label", "Prérequis"},
                      {"__typename", "TextareaChampDescriptor"}});
    return {{"champDescriptors", champs}};
  }

  void Perform(std::size_t index, int step) {
    const auto& planned = projects_[index].acts[static_cast<std::size_t>(step)];
    if (numbers_[index].empty()) return;
    workflows::ActRequest request;
    request.project = numbers_[index];
    request.action = planned.act;
    request.now = planned.at;
    const auto project = workplace_.ProjectOf(numbers_[index]);
    request.actor.person = workplace_.PersonOf(WhoActs(index, planned.by, project)).id;
    request.data = Answers(index, planned, project);
    const auto outcome = workplace_.desk().Act(request);
    if (outcome) {
      ++report_.acts;
      return;
    }
    // The closing of the call starts the examinations that nobody had started yet.
    if (planned.act == "admissibility.start" && outcome.refusal().code == "locked") return;
    report_.refused.push_back(project.number + " " + planned.act + " (" + project.states +
                              ") : " + outcome.refusal().sentence);
    numbers_[index].clear();  // its story ends here
  }

  json Answers(std::size_t index, const PlannedAct& planned, const storage::Project& project) {
    const auto definition = workplace_.catalog().Newest("mentor");
    std::string form;
    workplace_.database().Read([&](storage::Session& s) {
      for (const auto& action : workplace_.desk().ActionsFor(s, project, 0, planned.at)) {
        if (action.action.id == planned.act) form = action.action.form;
      }
    });
    json fixed = demo_.at("answers").value(planned.act, json::object());
    if (planned.act == "review.assign") fixed["reviewers"] = AssignReviewers(index, project);
    if (planned.act == "team.assign") {
      fixed["designers"] = json::array({Pick("designers", index).at("email")});
      fixed["integrators"] = json::array({Pick("integrators", index).at("email")});
    }
    const auto found = definition->forms.find(form);
    if (found == definition->forms.end()) return json::object();
    for (const auto& field : found->second.fields) {
      if (field.widget == "file" && field.required)
        fixed[field.name] = Attach(project, field, planned.at);
      if (field.widget == "checklist") fixed[field.name] = PointsDone(*definition, project);
    }
    return sample_.Fill(found->second, fixed, project.title, planned.at);
  }

  // What was last asked of the project and not answered yet, all of it done.
  json PointsDone(const workflows::Definition& definition, const storage::Project& project) {
    json rows = json::array();
    workplace_.database().Read([&](storage::Session& s) {
      for (const auto& document : storage::DocumentsOf(s, project.id)) {
        const auto form = definition.forms.find(document.form);
        if (form == definition.forms.end()) continue;
        const bool answers = forms::ChecklistField(form->second) != nullptr;
        if (!answers && forms::AskingField(form->second) == nullptr) continue;
        rows = json::array();
        for (const auto& point : forms::PointsAsked(form->second, document.answers)) {
          rows.push_back({{"asked", point.asked}, {"done", true}, {"answer", "C’est repris."}});
          if (!point.part.empty()) rows.back()["part"] = point.part;
        }
      }
    });
    return rows;
  }

  // The one picture of the demo, stored like any upload: the answer is its hash.
  std::string Attach(const storage::Project& project, const forms::Field& field, std::int64_t at) {
    const auto picture = std::filesystem::path(ShareDir()) / "web/demo/vignette.png";
    std::ifstream in(picture, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    storage::File row;
    row.project = project.id;
    row.hash = storage::Sha256(bytes);
    row.name = "vignette.png";
    row.type = "image/png";
    row.size = static_cast<std::int64_t>(bytes.size());
    row.source = "upload";
    row.field = field.name;
    row.person = project.holder;
    row.at = at;
    std::ofstream(workplace_.files_dir() + "/" + row.hash, std::ios::binary) << bytes;
    workplace_.database().Write([&](storage::Session& s) { storage::InsertFile(s, row); });
    return row.hash;
  }

  const json& Pick(const char* list, std::size_t index) {
    return demo_.at(list).at(index % demo_.at(list).size());
  }

  // Two of the pool, in turn, none of the holder's administration.
  json AssignReviewers(std::size_t index, const storage::Project& project) {
    json chosen = json::array();
    std::vector<std::string> pool;
    for (const auto& part : parts_) {
      if (part.role == "reviewer") pool.push_back(part.email);
    }
    for (std::size_t i = 0; i < pool.size() && chosen.size() < 2; ++i) {
      const auto& email = pool[(index * 2 + i) % pool.size()];
      const auto person = workplace_.PersonOf(email);
      if (person.siret.substr(0, 9) != project.siret.substr(0, 9)) chosen.push_back(email);
    }
    reviewers_[index] = chosen.get<std::vector<std::string>>();
    return chosen;
  }

  std::string WhoActs(std::size_t index, const std::string& by, const storage::Project& project) {
    if (by == "project_holder") return projects_[index].holder_email;
    if (by == "designer") return Pick("designers", index).at("email");
    if (by == "integrator") return Pick("integrators", index).at("email");
    if (by.starts_with("reviewer:")) {
      return reviewers_[index].at(static_cast<std::size_t>(std::stoi(by.substr(9))));
    }
    const auto scopes = workplace_.database().Read(
        [&](storage::Session& s) { return workflows::ScopesOf(s, project); });
    for (const auto& scope : scopes) {
      for (const auto& part : parts_) {
        if (part.role == by && part.scope == scope) return part.email;
      }
    }
    throw Refused({"no_part", "Personne ne tient le rôle " + by + " dans la démonstration.", {}});
  }

  Workplace& workplace_;
  Workers workers_;
  std::int64_t now_;
  json demo_;
  SampleAnswers sample_;
  std::vector<Part> parts_;
  std::vector<PlannedProject> projects_;
  std::vector<std::string> numbers_;
  std::vector<std::vector<std::string>> reviewers_;
  DemoReport report_;
};

}  // namespace

DemoReport SeedDemo(Workplace& workplace, std::int64_t now) {
  return Seeding(workplace, now).Play();
}

}  // namespace aiguillage::web
