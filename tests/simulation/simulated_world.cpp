#include "tests/simulation/simulated_world.h"

#include <algorithm>
#include <cstdio>

#include "storage/calls.h"
#include "storage/dossiers.h"
#include "storage/people.h"
#include "tests/simulation/shipped.h"
#include "workflows/calendar.h"
#include "workflows/collections.h"
#include "workflows/roles.h"

namespace aiguillage::simulation {

using storage::Session;

namespace {

constexpr std::int64_t kMinute = 60'000, kHour = 60 * kMinute, kDay = 24 * kHour;
constexpr double kYear = 365.25 * static_cast<double>(kDay);
constexpr const char* kCall = "appel-2026";
constexpr int kCallDays = 60;

storage::RandomSource HexFrom(std::uint64_t seed) {
  auto numbers = std::make_shared<std::mt19937_64>(seed);
  return [numbers](std::size_t bytes) {
    std::string text;
    for (std::size_t i = 0; i < 2 * bytes; ++i) text += "0123456789abcdef"[(*numbers)() % 16];
    return text;
  };
}

}  // namespace

Life& Life::operator+=(const Life& other) {
  years += other.years;
  acts += other.acts;
  refused += other.refused;
  lost_replies += other.lost_replies;
  taken_back += other.taken_back;
  timers += other.timers;
  mails += other.mails;
  mails_twice += other.mails_twice;
  told += other.told;
  restarts += other.restarts;
  power_cuts += other.power_cuts;
  jumps += other.jumps;
  journal += other.journal;
  return *this;
}

SimulatedWorld::SimulatedWorld(const Circumstances& circumstances)
    : circumstances_(circumstances),
      random_{std::mt19937_64(circumstances.seed)},
      relay_([this] { return RelayMood(); }),
      ds_({.dossiers = 0,
           .seed = static_cast<unsigned>(circumstances.seed),
           .folder = circumstances.rails == "fep" ? "fep" : "mentor",
           .clock = [this] { return kStart + elapsed_; }}),
      oracle_(ShippedRails(), relay_),
      numbers_(HexFrom(circumstances.seed + 1)) {
  ds_.on_request = [this] {
    if (faults_ && OneIn(3000)) throw PowerCut{};
  };
  TakeUp();
  ShippedRails().TakeInto(*database_, Now());
  MakeCall();
  MakePeople();
}

SimulatedWorld::~SimulatedWorld() = default;

void SimulatedWorld::MakeCall() {
  storage::Call call;
  call.id = kCall;
  call.title = "Appel simulé";
  call.definition = circumstances_.rails;
  call.demarche = test::DsStandIn::kDemarche;
  call.opens = workflows::ParisDate(kStart);
  call.closes = workflows::ParisDate(kStart + kCallDays * kDay);
  call.status = "published";
  database_->Write([&](Session& session) {
    storage::SaveCall(session, call);
    workflows::TakeCollections(session, ShippedRails().KitOf(circumstances_.rails).collections);
  });
}

// Leads for every other collection only: the others' tasks are the pilot's.
void SimulatedWorld::MakePeople() {
  const std::vector<std::pair<std::string, std::string>> parts = {{"paul", "program_admin"},
                                                                  {"olga", "case_officer"},
                                                                  {"igor", "case_officer"},
                                                                  {"chloe", "committee_chair"},
                                                                  {"lea", ""},
                                                                  {"luc", ""},
                                                                  {"rita", ""},
                                                                  {"remi", ""},
                                                                  {"rosa", ""},
                                                                  {"dora", ""}};
  for (const auto& [name, role] : parts) {
    const auto id = database_->Write([&, name = name](Session& session) {
      storage::Person person;
      person.email = name + "@exemple.invalid";
      person.name = name;
      person.siret = "00000000900018";
      person.created_at = Now();
      return storage::InsertPerson(session, person);
    });
    staff_.push_back(id);
    if (!role.empty()) desk_->GrantRole(id, role, "", Now());
  }
  const auto collections =
      database_->Read([](Session& session) { return storage::Collections(session); });
  const std::string role = circumstances_.rails == "fep" ? "relay" : "collection_lead";
  for (std::size_t i = 0; i < collections.size(); i += 2) {
    const std::string scope = workflows::CollectionScope(collections[i].slug);
    leads_[scope] = desk_->GrantRole(staff_[4 + i / 2 % 2], role, scope, Now());
  }
}

void SimulatedWorld::TakeUp() {
  database_ = storage::Database::Open("sqlite:" + directory_ / "record.db",
                                      {.readers = 1, .random = numbers_});
  workflows::DeskOptions options;
  options.grace_minutes = 10;
  options.ds_configured = true;
  options.new_id = [this] { return numbers_(16); };
  desk_ = std::make_unique<workflows::Desk>(*database_, ShippedRails(), options);
  clockwork_ = std::make_unique<notifications::Clockwork>(*database_, *desk_);
  relay_.HasPowerAgain();
  dispatchers_ = std::make_unique<test::WatchedRecord>(*database_, [this](Session& session) {
    if (!relay_.LosesPower()) return;
    std::set<std::string> on_their_way;
    for (const auto& row : storage::ListOutbox(session, {"mail", "sending", "", 100'000})) {
      on_their_way.insert(notifications::MessageIdFor(row.key, "exemple.invalid"));
    }
    relay_.MayCommit(on_their_way);
  });
  dispatcher_ = std::make_unique<notifications::Dispatcher>(*dispatchers_, ShippedMails(), relay_,
                                                            notifications::DispatchOptions{});
}

void SimulatedWorld::Restart() {
  ++life_.restarts;
  dispatcher_.reset();
  dispatchers_.reset();
  clockwork_.reset();
  desk_.reset();
  database_.reset();
  TakeUp();
}

void SimulatedWorld::Later(std::int64_t ms, std::function<void()> what) {
  moments_.push({elapsed_ + ms, ++order_, std::move(what)});
}

void SimulatedWorld::Pass(std::int64_t until) {
  if (until <= elapsed_) return;
  for (const auto& project : projects_) {
    if (!project.ended) lived_ += until - std::max(elapsed_, project.arrived);
  }
  elapsed_ = until;
}

void SimulatedWorld::VerifyNowAndThen() {
  VerifyRecord();
  Later(2000 * kDay, [this] { VerifyNowAndThen(); });
}

// Somebody sets the clock of the machine wrong: minutes to weeks ahead or behind, now and then
// right again.
void SimulatedWorld::Jump() {
  ++life_.jumps;
  const auto by = static_cast<std::int64_t>(random_.Below(30)) *
                  random_.Of(std::vector<std::int64_t>{kMinute, kHour, kDay});
  skew_ = OneIn(3) ? 0 : OneIn(2) ? skew_ + by : skew_ - by;
  Later((20 + static_cast<std::int64_t>(random_.Below(60))) * kDay, [this] { Jump(); });
}

// A lead hands a collection over; the tasks that wait for them follow.
void SimulatedWorld::ChangeHands() {
  auto lead = leads_.begin();
  std::advance(lead, static_cast<std::ptrdiff_t>(random_.Below(leads_.size())));
  const std::string role = circumstances_.rails == "fep" ? "relay" : "collection_lead";
  desk_->EndGrant(lead->second, Now());
  if (OneIn(4)) {
    for (auto& project : projects_) {
      if (OneIn(4)) Look(project);  // without a lead: the pilot's
    }
  }
  lead->second = desk_->GrantRole(staff_[4 + random_.Below(2)], role, lead->first, Now());
  Later((30 + static_cast<std::int64_t>(random_.Below(60))) * kDay, [this] { ChangeHands(); });
}

Life SimulatedWorld::Live() {
  try {
    for (std::size_t i = 0; i < circumstances_.projects; ++i) {
      Later(static_cast<std::int64_t>(random_.Below(kCallDays * 24)) * kHour, [this] { Arrive(); });
    }
    Later(kDay / 8, [this] { Round(true); });
    Later(10 * kDay, [this] { Jump(); });
    Later(20 * kDay, [this] { ChangeHands(); });
    Later(400 * kDay, [this] { VerifyNowAndThen(); });
    const auto wanted = static_cast<std::int64_t>(circumstances_.years * kYear);
    while (lived_ < wanted && SomebodyLives()) {
      const Moment next = moments_.top();
      moments_.pop();
      Pass(next.at);
      next.what();
    }
    EndCalmly();
  } catch (const Broken& broken) {
    throw Broken(std::string(broken.what()) + "\n  rails " + circumstances_.rails + ", seed " +
                 std::to_string(circumstances_.seed) + ", day " + std::to_string(elapsed_ / kDay) +
                 ", clock " + workflows::IsoInstant(Now()));
  }
  return life_;
}

bool SimulatedWorld::SomebodyLives() const {
  return elapsed_ < kCallDays * kDay || !arrivals_.empty() ||
         std::any_of(projects_.begin(), projects_.end(),
                     [](const auto& project) { return !project.ended; });
}

// Nobody acts any more, nothing fails, the clock is right: what was left must be done.
void SimulatedWorld::EndCalmly() {
  faults_ = false;
  ds_.Disarm();
  skew_ = std::max<std::int64_t>(skew_, 0);
  for (int night = 0; night < 60; ++night) {
    Pass(elapsed_ + kDay);
    Round(false);
  }
  JudgeEverything();
  Count();
}

void SimulatedWorld::Count() {
  life_.years = static_cast<double>(lived_) / kYear;
  life_.mails = relay_.total;
  life_.mails_twice = relay_.twice;
  life_.told = static_cast<std::int64_t>(ds_.log().size());
}

}  // namespace aiguillage::simulation
