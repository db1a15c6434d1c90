// What a transaction remembers of its reads is what it would read again, whatever it writes; and
// the texts of JSON are the library's own, byte by byte.
#include <gtest/gtest.h>

#include <random>

#include "storage/calls.h"
#include "storage/json_text.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "storage/tasks.h"
#include "storage/text_words.h"
#include "storage/timers.h"
#include "tests/support/seed.h"
#include "tests/support/test_record.h"

namespace aiguillage::storage {
namespace {

using nlohmann::json;

struct Played {
  Session& s;
  std::int64_t project;
  std::mt19937_64& random;

  std::size_t Below(std::size_t limit) { return random() % limit; }
  std::string Role() { return Below(2) == 0 ? "reviewer" : "auditor"; }

  void Write() {
    const auto tasks = TasksOf(s, project);
    const auto timers = TimersOf(s, project);
    switch (Below(8)) {
      case 0:
      case 1:
        InsertTask(s, {.project = project,
                       .state = "s",
                       .action = "a",
                       .label = "l",
                       .role = "r",
                       .assignee = "r@",
                       .due_at = static_cast<std::int64_t>(Below(3)),
                       .status = Below(3) == 0 ? "done" : "open"});
        break;
      case 2:
        if (!tasks.empty()) {
          Task task = tasks[Below(tasks.size())];
          task.status = Below(2) == 0 ? "open" : "withdrawn";
          task.label += "'";
          UpdateTask(s, task);
        }
        break;
      case 3:
        InsertTimer(s, {.project = project,
                        .kind = "deadline",
                        .event = "e",
                        .rule = "r",
                        .due_at = static_cast<std::int64_t>(Below(3)),
                        .status = "waiting"});
        break;
      case 4:
        if (!timers.empty()) {
          Timer timer = timers[Below(timers.size())];
          timer.status = "stopped";
          timer.remaining_days = 3;
          UpdateTimer(s, timer);
        }
        break;
      case 5:
        InsertGrant(s, {.person = 1 + static_cast<std::int64_t>(Below(2)), .role = Role()});
        break;
      case 6: {
        const auto held = GrantsOf(s, 1 + static_cast<std::int64_t>(Below(2)));
        if (!held.empty()) EndGrant(s, held[Below(held.size())].id, 9);
        break;
      }
      default: {
        auto person = FindPerson(s, 1 + static_cast<std::int64_t>(Below(2)));
        person->active = Below(2) == 0;
        person->name += "'";
        UpdatePerson(s, *person);
      }
    }
  }
};

// All that may be remembered, as text.
std::string Seen(Session& s, std::int64_t project) {
  std::string text;
  for (const auto& t : OpenTasks(s, project)) {
    text += std::to_string(t.id) + t.label + t.status + std::to_string(t.due_at) + "\n";
  }
  for (const auto& t : TimersOf(s, project)) {
    text += std::to_string(t.id) + t.status + std::to_string(t.due_at) + " " +
            std::to_string(t.remaining_days) + "\n";
  }
  for (const std::string role : {"reviewer", "auditor"}) {
    for (const auto& p : Holders(s, role, "")) text += role + p.name + "\n";
  }
  for (const std::int64_t person : {1, 2}) {
    text += FindPerson(s, person)->name;
    for (const auto& g : GrantsOf(s, person)) text += " " + std::to_string(g.id) + g.role;
    text += "\n";
  }
  return text;
}

TEST(MemoTest, WhatIsRememberedIsWhatIsStored) {
  test::TestRecord record;
  record.Seed();
  std::mt19937_64 random(test::Seed());
  const auto project =
      record->Write([&](Session& s) { return InsertProject(s, record.NewProject("a"), 2026).id; });
  for (int round = 0; round < 60; ++round) {
    const std::string remembered = record->Write([&](Session& s) {
      Played played{s, project, random};
      for (std::size_t i = played.Below(12); i > 0; --i) {
        if (played.Below(2) == 0) Seen(s, project);
        played.Write();
      }
      return Seen(s, project);
    });
    EXPECT_EQ(remembered, record->Read([&](Session& s) { return Seen(s, project); }))
        << "seed " << test::Seed() << " round " << round;
  }
}

TEST(MemoTest, AReaderSeesWhatOthersWroteSinceItsLastTransaction) {
  test::TestRecord record;
  const auto write = [&](const std::string& label) {
    record->Write([&](Session& s) { SaveCollection(s, {.slug = "a", .label = label}); });
  };
  const auto read = [&] {
    return record->Read([](Session& s) {
      const auto found = FindCollection(s, "a");
      return found ? found->label : "";
    });
  };
  EXPECT_EQ(read(), "");
  for (const char* label : {"un", "deux", "trois"}) {
    write(label);
    EXPECT_EQ(read(), label);
    EXPECT_EQ(read(), label);  // and where nobody wrote
  }
}

TEST(MemoTest, WhatIsUndoneIsForgotten) {
  test::TestRecord record;
  record.Seed();
  const auto holders = [](Session& s) { return Holders(s, "auditor", "").size(); };
  EXPECT_THROW(record->Write([&](Session& s) {
    EXPECT_EQ(holders(s), 0U);
    InsertGrant(s, {.person = 1, .role = "auditor"});
    EXPECT_EQ(holders(s), 1U);
    throw std::runtime_error("never mind");
  }),
               std::runtime_error);
  EXPECT_EQ(record->Write(holders), 0U);
}

TEST(MemoTest, ALongTransactionDoesNotKeepTheWholeRecord) {
  Memo memo;
  std::vector<std::weak_ptr<int>> read;
  for (int i = 0; i < 10'000; ++i) {
    memo.Of<std::shared_ptr<int>>(std::to_string(i), [&] {
      auto value = std::make_shared<int>(i);
      read.push_back(value);
      return value;
    });
  }
  const auto kept = std::count_if(read.begin(), read.end(),
                                  [](const std::weak_ptr<int>& one) { return !one.expired(); });
  EXPECT_GT(kept, 0);
  EXPECT_LE(kept, 2000);
}

json RandomJson(std::mt19937_64& random, int depth) {
  const auto below = [&](std::size_t limit) { return random() % limit; };
  switch (below(depth > 0 ? 9 : 7)) {
    case 0:
      return nullptr;
    case 1:
      return below(2) == 0;
    case 2:
      return static_cast<std::int64_t>(random());
    case 3:
      return random();
    case 4:
      return static_cast<double>(static_cast<std::int64_t>(random())) / 1024.0;
    case 5:
    case 6: {
      std::string text;
      for (std::size_t i = below(20); i > 0; --i) {
        const std::string parts[] = {"é", "€", "😀", "\"", "\\", "/", "\x7f", "a", " "};
        const std::size_t part = below(std::size(parts) + 1);
        text +=
            part == std::size(parts) ? std::string(1, static_cast<char>(below(32))) : parts[part];
      }
      return text;
    }
    case 7: {
      json list = json::array();
      for (std::size_t i = below(4); i > 0; --i) list.push_back(RandomJson(random, depth - 1));
      return list;
    }
    default: {
      json object = json::object();
      for (std::size_t i = below(4); i > 0; --i) {
        object[RandomJson(random, 0).dump()] = RandomJson(random, depth - 1);
      }
      return object;
    }
  }
}

TEST(JsonText, IsWhatTheLibraryWrites) {
  std::mt19937_64 random(test::Seed());
  for (int i = 0; i < 20'000; ++i) {
    const json value = RandomJson(random, 3);
    ASSERT_EQ(JsonText(value), value.dump()) << "seed " << test::Seed();
  }
}

TEST(JsonText, RefusesWhatIsNotUtf8) {
  for (const std::string bad :
       {"\xc3", "longer than eight \xff bytes", "\xed\xa0\x80", "\xc0\xaf"}) {
    EXPECT_THROW(JsonText(json(bad)), json::type_error);
    EXPECT_FALSE(IsUtf8(bad));
    EXPECT_THROW(JsonText(json{{bad, 1}}), json::type_error);
  }
}

}  // namespace
}  // namespace aiguillage::storage
