#include "tests/bench/course.h"

#include <cstdio>
#include <exception>
#include <functional>
#include <mutex>
#include <random>
#include <stdexcept>
#include <thread>

#include "storage/calls.h"
#include "storage/error.h"
#include "storage/people.h"
#include "tests/bench/measure.h"

namespace aiguillage::bench {
namespace {

using nlohmann::json;
using storage::Session;

// As many as a ministry's training services have people who file something.
constexpr int kHolders = 2000;
constexpr std::int64_t kFirstDossier = 1'000'000;
constexpr const char* kCollections[] = {"achat",      "communication", "finances", "langues",
                                        "management", "numerique",     "rh",       "juridique"};
constexpr std::size_t kCollectionCount = std::size(kCollections);

const std::string kSentence =
    "Le besoin est établi par l’enquête de l’an passé ; les objectifs sont à formuler avec un "
    "verbe "
    "d’action et un critère de réussite, et le calendrier tient compte des congés. ";

enum class Who { kOfficer, kLead, kHolder };
struct Step {
  const char* action;
  Who who;
  json data;
};

std::vector<Step> MakeScript() {
  const json admissible = {{"on_time", "yes"},    {"eligible_holder", "yes"}, {"complete", "yes"},
                           {"transverse", "yes"}, {"fits_collection", "yes"}, {"hierarchy", "yes"},
                           {"licence", "yes"},    {"comment", kSentence}};
  const json change = {{"reason", kSentence + kSentence}};
  const json again = {{"message", kSentence}};
  const json agreed = {{"need", "yes"},         {"orientation", "yes"}, {"objectives", "yes"},
                       {"no_duplicate", "yes"}, {"feasible", "yes"},    {"comment", kSentence}};
  return {{"admissibility.accept", Who::kOfficer, admissible},
          {"framing.change", Who::kLead, change},
          {"resubmit", Who::kHolder, again},
          {"framing.change", Who::kLead, change},
          {"resubmit", Who::kHolder, again},
          {"framing.validate", Who::kLead, agreed}};
}
const std::vector<Step>& Script() {
  static const std::vector<Step> kScript = MakeScript();
  return kScript;
}

// Shared by the threads that ask: only the writer's asks.
storage::RandomSource RandomFrom(std::uint64_t seed) {
  auto numbers = std::make_shared<std::mt19937_64>(seed);
  return [numbers](std::size_t bytes) {
    std::string text;
    for (std::size_t i = 0; i < 2 * bytes; ++i) text += "0123456789abcdef"[(*numbers)() % 16];
    return text;
  };
}

std::size_t CollectionOf(std::int64_t project) {
  return static_cast<std::size_t>(project) % kCollectionCount;
}
std::size_t HolderOf(std::int64_t project) { return static_cast<std::size_t>(project) % kHolders; }

std::string HolderEmail(std::size_t holder) {
  return "porteur" + std::to_string(holder) + "@exemple.invalid";
}

// The demo's calendar: a fortnight of acts, a second apart.
std::int64_t NowOf(std::int64_t project) { return 1'795'428'000'000 + project % 1'200'000 * 1000; }

// So many people at once; what one of them throws ends it for the caller.
void Together(int people, const std::function<void(int)>& work) {
  std::mutex mutex;  // guards `trouble`
  std::exception_ptr trouble;
  std::vector<std::thread> threads;
  for (int one = 0; one < people; ++one) {
    threads.emplace_back([&, one] {
      try {
        work(one);
      } catch (...) {
        const std::lock_guard lock(mutex);
        trouble = std::current_exception();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  if (trouble) std::rethrow_exception(trouble);
}

[[noreturn]] void Refused(const engine::Refusal& refusal) {
  throw std::runtime_error("Expected an act to be done, but: " + refusal.sentence);
}

}  // namespace

std::string Course::Number(std::int64_t project) {
  char number[40];
  std::snprintf(number, sizeof number, "AIG-2026-%04lld", static_cast<long long>(project));
  return number;
}

Course::Course(const std::string& url, std::uint64_t seed)
    : database_(storage::Database::Open(url, {.random = RandomFrom(seed)})) {
  auto loaded = workflows::Catalog::Load(AIGUILLAGE_SOURCE_DIR "/workflows/definitions");
  if (!loaded) Refused(loaded.refusal());
  catalog_ = std::move(loaded).value();
  workflows::DeskOptions options;
  options.ds_configured = true;
  options.new_id = [random = RandomFrom(seed + 1)] { return random(16); };
  desk_ = std::make_unique<workflows::Desk>(*database_, *catalog_, options);
  Open();
}

void Course::Open() {
  const std::int64_t now = NowOf(0);
  const bool is_new =
      database_->Read([](Session& session) { return storage::Calls(session); }).empty();
  if (is_new) catalog_->TakeInto(*database_, now);
  database_->Write([&](Session& session) {
    storage::Call call;
    call.id = "mentor-2026";
    call.title = "Appel à projets Mentor 2026";
    call.definition = "mentor";
    call.demarche = 42;
    call.status = "published";
    storage::SaveCall(session, call);
    const auto person = [&](const std::string& email, const std::string& siret) {
      if (const auto known = storage::FindPersonByEmail(session, email)) return known->id;
      return storage::InsertPerson(session, {.email = email,
                                             .name = "Personne " + email.substr(0, email.find('@')),
                                             .siret = siret,
                                             .created_at = now});
    };
    officer_ = person("instruction@exemple.invalid", "00000000200010");
    storage::InsertGrant(session, {0, officer_, "case_officer", "", now, 0});
    storage::InsertGrant(session, {0, person("pilote@exemple.invalid", "00000000200010"),
                                   "program_admin", "", now, 0});
    for (const char* collection : kCollections) {
      leads_.push_back(
          person(std::string("chef.") + collection + "@exemple.invalid", "00000000300018"));
      storage::InsertGrant(session, {0, leads_.back(), "collection_lead",
                                     std::string("collection:") + collection, now, 0});
    }
    for (std::size_t i = 0; i < kHolders; ++i) {
      holders_.push_back(person(HolderEmail(i), "00000000100017"));
    }
  });
}

std::int64_t Course::Person(const std::string& email) const {
  const auto found =
      database_->Read([&](Session& session) { return storage::FindPersonByEmail(session, email); });
  if (!found) throw std::runtime_error("Expected to know " + email);
  return found->id;
}

std::string Course::TakeIn(std::int64_t project) {
  const std::string title = "Formation " + std::to_string(project) + " : accueillir les agents";
  workflows::IntakeRequest request;
  request.call = "mentor-2026";
  request.title = title;
  request.collection = kCollections[CollectionOf(project)];
  request.holder_email = HolderEmail(HolderOf(project));
  request.siret = "00000000100017";
  request.administration = "Direction " + std::to_string(project % 100);
  request.dossier = kFirstDossier + project;
  request.ds_state = "en_construction";
  request.answers = {{"title", title}, {"need", kSentence}};
  request.key = "ds:42:" + std::to_string(request.dossier);
  request.now = NowOf(project);
  const auto answer = desk_->Intake(request);
  if (!answer) Refused(answer.refusal());
  return answer.value().project;
}

std::string Course::FindNumber(std::int64_t project) const {
  const auto found = database_->Read([&](Session& session) {
    return storage::FindProjectByDossier(session, kFirstDossier + project);
  });
  if (!found) throw std::runtime_error("Expected project " + std::to_string(project));
  return found->number;
}

void Course::ActOn(const std::string& number, std::int64_t project, int step) {
  const Step& what = Script().at(static_cast<std::size_t>(step));
  workflows::ActRequest request;
  request.project = number;
  request.action = what.action;
  request.actor.person = what.who == Who::kOfficer ? officer_
                         : what.who == Who::kLead  ? leads_[CollectionOf(project)]
                                                   : holders_[HolderOf(project)];
  request.data = what.data;
  request.key = request.project + "/" + std::to_string(step);
  request.now = NowOf(project) + 60'000 * (step + 1);
  const auto answer = desk_->Act(request);
  if (!answer) Refused(answer.refusal());
}

double Course::Run(const Stretch& stretch) {
  double longest = 0;
  for (int step = 0; step < stretch.steps; ++step) {
    for (std::int64_t project = stretch.first; project < stretch.end; project += stretch.stride) {
      const double start = WallSeconds();
      Act(project, step);
      longest = std::max(longest, WallSeconds() - start);
    }
  }
  return longest;
}

double Course::RunTogether(const Stretch& stretch, int actors) {
  std::mutex mutex;  // guards `longest`
  double longest = 0;
  Together(actors, [&](int actor) {
    Stretch own = stretch;
    own.first += actor;
    own.stride = actors;
    const double wait = Run(own);
    const std::lock_guard lock(mutex);
    longest = std::max(longest, wait);
  });
  return longest;
}

void Course::ImportTogether(std::int64_t first, std::int64_t end, int actors) {
  Together(actors, [&](int actor) {
    for (std::int64_t project = first + actor; project < end; project += actors) {
      ActOn(TakeIn(project), project, 0);
    }
  });
}

}  // namespace aiguillage::bench
