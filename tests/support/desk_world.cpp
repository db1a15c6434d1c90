#include "tests/support/desk_world.h"

#include <random>
#include <stdexcept>

#include "storage/calls.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "storage/tasks.h"
#include "storage/timers.h"
#include "workflows/verify.h"

namespace aiguillage::test {

using engine::Outcome;
using nlohmann::json;
using storage::Session;
using workflows::ActAnswer;
using workflows::ActRequest;

namespace {

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

constexpr int kFiringsMax = 500;  // of one tick: a chart drawn at random may delay to now for ever

std::string NameIn(const std::string& address) { return address.substr(0, address.find('@')); }

std::string DayOf(std::int64_t at) { return at == 0 ? "none" : workflows::ParisDate(at); }

// From a seed, so that two worlds write the same bytes.
storage::RandomSource RandomFrom(std::uint64_t seed) {
  if (seed == 0) return storage::RandomHex;
  auto numbers = std::make_shared<std::mt19937_64>(seed);
  return [numbers](std::size_t bytes) {
    std::string text;
    for (std::size_t i = 0; i < 2 * bytes; ++i) text += "0123456789abcdef"[(*numbers)() % 16];
    return text;
  };
}

}  // namespace

DeskWorld::DeskWorld(const WorldOptions& options)
    : record_(options.cluster == nullptr
                  ? TestRecord({.random = RandomFrom(options.seed)}, options.kind)
                  : TestRecord({.random = RandomFrom(options.seed)}, *options.cluster)) {
  auto loaded =
      workflows::Catalog::Load(std::filesystem::path(AIGUILLAGE_SOURCE_DIR) / options.rails);
  if (!loaded) throw std::runtime_error(loaded.refusal().sentence);
  catalog_ = std::move(loaded).value();
  workflows::DeskOptions desk;
  desk.grace_minutes = options.grace_minutes;
  desk.ds_configured = options.ds_configured;
  if (options.seed != 0) {
    desk.new_id = [random = RandomFrom(options.seed + 1)] { return random(16); };
  }
  desk_ = std::make_unique<workflows::Desk>(*record_, *catalog_, desk);
  At("2026-11-23T10:00");
  catalog_->TakeInto(*record_, now);
  record_->Write([&](Session& session) {
    storage::Call call;
    call.id = "demo-2026";
    call.title = "Appel de démonstration";
    call.definition = options.definition;
    call.demarche = 42;
    call.status = "published";
    call.settings = {{"dates", {{"review_end", "2027-01-15"}}}};
    storage::SaveCall(session, call);
    storage::SaveCollection(session, {.slug = "numerique", .label = "Numérique", .position = 1});
    storage::SaveCollection(
        session, {.slug = "cyber", .parent = "numerique", .label = "Cybersécurité", .position = 1});
    storage::SaveCollection(session, {.slug = "achat", .label = "Achat public", .position = 2});
  });
  Grant("paul", "program_admin");
  Grant("olga", "case_officer");
  Grant("lea", "collection_lead", "collection:numerique");
  Person("hugo", "00000000100017");
  for (const char* reviewer : {"rita", "remi", "rosa"}) Person(reviewer, "00000000900018");
}

void DeskWorld::At(const std::string& instant) { now = workflows::ParseInstant(instant).value(); }

std::int64_t DeskWorld::Person(const std::string& name, const std::string& siret) {
  auto& id = people_[name];
  if (id != 0) return id;
  id = record_->Write([&](Session& session) {
    if (const auto known = storage::FindPersonByEmail(session, Email(name))) return known->id;
    storage::Person person;
    person.email = Email(name);
    person.name = name;
    person.siret = siret;
    person.created_at = now;
    return storage::InsertPerson(session, person);
  });
  return id;
}

std::int64_t DeskWorld::Grant(const std::string& name, const std::string& role,
                              const std::string& scope) {
  return desk_->GrantRole(Person(name), role, scope, now);
}

std::string DeskWorld::Intake(const std::string& title, const std::string& ds_state,
                              const std::string& collection) {
  workflows::IntakeRequest request;
  request.call = "demo-2026";
  request.title = title;
  request.collection = collection;
  request.holder_email = Email("hugo");
  request.holder_name = "hugo";
  request.siret = "00000000100017";
  request.administration = "Service d’essai";
  request.dossier = ++dossiers_;
  request.ds_state = ds_state;
  request.answers = {{"title", title}};
  request.key = "ds:42:" + std::to_string(request.dossier);
  request.now = now;
  const auto answer = desk_->Intake(request);
  if (!answer) throw std::runtime_error(answer.refusal().sentence);
  return answer.value().project;
}

ActRequest DeskWorld::Request(const std::string& number, const std::string& who,
                              const std::string& action, const json& data) {
  ActRequest request;
  request.project = number;
  request.action = action;
  request.data = data;
  request.now = now;
  if (who == "system" || who == "timer" || who == "ds") {
    request.actor.role = who;
  } else {
    request.actor.person = Person(who);
  }
  return request;
}

std::string DeskWorld::Said(const Outcome<ActAnswer>& answer) {
  if (!answer) return answer.refusal().code + ": " + answer.refusal().sentence;
  last_act = answer.value().act;
  return Joined(answer.value().states) + (answer.value().repeated ? " (again)" : "");
}

std::string DeskWorld::Do(const std::string& number, const std::string& who,
                          const std::string& action, const json& data) {
  return Said(desk_->Act(Request(number, who, action, data)));
}

std::string DeskWorld::TakeBack(const std::string& number, const std::string& who,
                                const std::string& act) {
  return Said(desk_->TakeBack(number, act, {Person(who), ""}, now));
}

std::string DeskWorld::Tick() {
  std::string text;
  for (int fired = 0; fired < kFiringsMax; ++fired) {
    const auto due = record_->Read([&](Session& session) {
      auto timers = storage::DueTimers(session, now, 1);
      std::pair<std::string, std::string> found;  // number, event
      if (!timers.empty()) {
        found = {storage::FindProjectById(session, timers[0].project)->number, timers[0].event};
      }
      return found;
    });
    if (due.first.empty()) return text;
    text += due.second + ": " + Do(due.first, "timer", due.second) + "\n";
  }
  return text;
}

storage::Project DeskWorld::Project(const std::string& number) {
  return record_->Read(
      [&](Session& session) { return storage::FindProject(session, number).value(); });
}

std::string DeskWorld::LookTasks(const std::string& number) {
  const auto project = Project(number);
  return record_->Read([&](Session& session) {
    std::string text;
    for (const auto& task : storage::OpenTasks(session, project.id)) {
      std::string assignee = task.assignee;
      if (assignee.starts_with("person:")) {
        assignee = storage::FindPerson(session, std::stoll(assignee.substr(7)))->name;
      }
      text += "task " + task.label + " -> " + assignee + ", due " + DayOf(task.due_at) + "\n";
    }
    return text;
  });
}

std::string DeskWorld::Look(const std::string& number) {
  const auto project = Project(number);
  std::string text = "v" + std::to_string(project.version) + " " + project.states + " | " +
                     project.file_holder + " | due " + DayOf(project.due_at) + "\n" +
                     LookTasks(number);
  return record_->Read([&](Session& session) {
    for (const auto& row : storage::OutboxOf(session, project.id)) {
      const std::string whom = row.kind == "ds" ? "" : " -> " + NameIn(row.address);
      text +=
          row.kind + " " + row.status + " " + row.topic + whom + (row.copy ? " (copy)" : "") + "\n";
    }
    return text;
  });
}

std::string DeskWorld::Broken() {
  std::string text;
  for (const auto& line : workflows::Verify(*record_, *catalog_, "").broken) text += line + "\n";
  return text;
}

}  // namespace aiguillage::test
