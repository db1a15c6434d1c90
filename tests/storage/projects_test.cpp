#include "storage/projects.h"

#include <gtest/gtest.h>

#include <random>

#include "storage/dialect.h"
#include "storage/people.h"
#include "storage/text_words.h"
#include "tests/support/seed.h"
#include "tests/support/test_record.h"

namespace aiguillage::storage {
namespace {

class ProjectsTest : public testing::Test {
 protected:
  ProjectsTest() { record_.Seed(); }
  Project Insert(Project project, int year = 2026) {
    return record_->Write([&](Session& s) { return InsertProject(s, project, year); });
  }
  test::TestRecord record_;
};

TEST_F(ProjectsTest, NumbersCountByYearWithoutHoles) {
  EXPECT_EQ(Insert(record_.NewProject("a")).number, "AIG-2026-0001");
  EXPECT_EQ(Insert(record_.NewProject("b")).number, "AIG-2026-0002");
  EXPECT_EQ(Insert(record_.NewProject("c"), 2027).number, "AIG-2027-0001");
  EXPECT_THROW(record_->Write([&](Session& s) {
    InsertProject(s, record_.NewProject("refused"), 2026);
    throw std::runtime_error("refused");
  }),
               std::runtime_error);
  EXPECT_EQ(Insert(record_.NewProject("d")).number, "AIG-2026-0003");
}

TEST_F(ProjectsTest, EveryColumnComesBack) {
  Project p = record_.NewProject("L’égalité");
  p.administration = "DGAFP";
  p.siret = "13002526500013";
  p.dossier = 4242;
  p.version = 3;
  p.due_at = 5000;
  p.ended_at = 6000;
  p = Insert(p);
  record_->Read([&](Session& s) {
    for (auto found :
         {FindProject(s, p.number), FindProjectById(s, p.id), FindProjectByDossier(s, 4242)}) {
      ASSERT_TRUE(found);
      EXPECT_EQ(found->title, p.title);
      EXPECT_EQ(found->call, "demo-2026");
      EXPECT_EQ(found->definition, "d1");
      EXPECT_EQ(found->collection, "numerique");
      EXPECT_EQ(found->holder, 1);
      EXPECT_EQ(found->administration, "DGAFP");
      EXPECT_EQ(found->siret, p.siret);
      EXPECT_EQ(found->dossier, 4242);
      EXPECT_EQ(found->version, 3);
      EXPECT_EQ(found->states, p.states);
      EXPECT_EQ(found->state, "admissibility");
      EXPECT_EQ(found->file_holder, "case_officer");
      EXPECT_EQ(found->since_at, 1000);
      EXPECT_EQ(found->due_at, 5000);
      EXPECT_EQ(found->created_at, 1000);
      EXPECT_EQ(found->ended_at, 6000);
      EXPECT_EQ(found->snapshot, p.snapshot);
      EXPECT_FALSE(found->erased);
    }
    EXPECT_FALSE(FindProject(s, "AIG-2026-9999"));
  });
}

TEST_F(ProjectsTest, WhatIsMissingStaysMissing) {
  Project p = record_.NewProject("nu");
  p.collection = "";
  p.holder = 0;
  p = Insert(p);
  auto found = record_->Read([&](Session& s) { return FindProjectById(s, p.id); });
  EXPECT_EQ(found->collection, "");
  EXPECT_EQ(found->holder, 0);
  EXPECT_EQ(found->dossier, 0);
  EXPECT_EQ(found->due_at, 0);
}

TEST_F(ProjectsTest, AnUpdateWithAnOldVersionWritesNothing) {
  Project p = Insert(record_.NewProject("a"));
  record_->Write([&](Session& s) {
    p.version = 1;
    p.state = "committee";
    EXPECT_TRUE(UpdateProject(s, p, 0));
    p.version = 2;
    p.state = "lost";
    EXPECT_FALSE(UpdateProject(s, p, 0));
    EXPECT_EQ(FindProjectById(s, p.id)->state, "committee");
  });
}

TEST_F(ProjectsTest, TextIsFoundWithoutAccentsAndByTheStartOfTheLastWord) {
  Project p = Insert(record_.NewProject("L’égalité professionnelle"));
  record_->Write([&](Session& s) {
    IndexProject(s, p.id, p.title, "Note de cadrage (2026) sur l'égalité, œuvre");
  });
  record_->Read([](Session& s) {
    auto found = [&](const std::string& text) {
      ProjectFilter filter;
      filter.text = text;
      auto listed = static_cast<std::int64_t>(ListProjects(s, filter).size());
      EXPECT_EQ(CountProjects(s, filter), listed) << text;
      return listed;
    };
    EXPECT_EQ(found("egalite"), 1);
    EXPECT_EQ(found("EGALITE prof"), 1);
    EXPECT_EQ(found("l'égalité"), 1);
    EXPECT_EQ(found("cadrage (2026"), 1);
    EXPECT_EQ(found("\"cadrage"), 1);
    EXPECT_EQ(found("cadrage AND 2026"), 0);  // AND is a word like any other
    for (const char* hostile : {"\"", "\"\"\"", "(", ")", "*", "«", "NEAR(", "title:", "-", "^",
                                "- * \"", "{a b}:", "a OR"}) {
      EXPECT_LE(found(hostile), 1) << hostile;
    }
    EXPECT_EQ(found("\""), 0);
    EXPECT_EQ(found(std::string("egalite\0prof", 12)), 1);  // NUL parts words like a space
    auto open = [&](const std::string& text) {
      ProjectFilter filter;
      filter.text = text;
      filter.shown_to_all = true;
      EXPECT_EQ(CountProjects(s, filter),
                static_cast<std::int64_t>(ListProjects(s, filter).size()));
      return CountProjects(s, filter);
    };
    EXPECT_EQ(open("égalité prof"), 1);
    EXPECT_EQ(open("l'égalité"), 1);
    EXPECT_EQ(open("cadrage"), 0) << "whoever may not read the dossier does not search it";
    EXPECT_EQ(open("egalite cadrage"), 0);
    EXPECT_EQ(open("oeuvre"), 0);
    for (const char* hostile :
         {"\"", ")", "title) OR body : (cadrage", "body : cadrage", "*", "{body}:"}) {
      EXPECT_EQ(open(hostile), 0) << hostile;
    }
  });
  record_->Write([&](Session& s) { IndexProject(s, p.id, "Autre", ""); });
  record_->Read([](Session& s) {
    ProjectFilter filter;
    filter.text = "egalite";
    EXPECT_EQ(CountProjects(s, filter), 0);
  });
}

TEST(TextWords, AreCutAsSqliteCutsThem) {
  const auto words = [](const std::string& text) {
    std::string joined;
    for (const auto& word : TextWords(text)) joined += (joined.empty() ? "" : " ") + word;
    return joined;
  };
  EXPECT_EQ(words("L’Égalité, 2026 !"), "l egalite 2026");
  EXPECT_EQ(words("ÇA VA où ? Œuvre ÀÉÎÕÜ ñandú Łódź"), "ca va ou œuvre aeiou nandu łodz");
  EXPECT_EQ(words("e\xCC\x81te\xCC\x81"), "ete") << "combining accents";
  EXPECT_EQ(words("a-b_c'd «e» f…g\u00A0h"), "a b c d e f g h");
  EXPECT_EQ(words("ΑΒΓ Привет"), "αβγ привет");
  EXPECT_EQ(words("\xFF\xC3"), "") << "bytes that are no text";
  EXPECT_EQ(words(std::string(1000, 'x')), std::string(200, 'x'));
  EXPECT_EQ(words(""), "");
}

// Random French against random searches: both databases must find what a plain reading finds.
TEST_F(ProjectsTest, RandomSearchesFindWhatReadingFinds) {
  std::mt19937_64 random(test::Seed());
  const std::vector<std::string> stock = {
      "l'égalité", "Égalité", "égal",   "cadrage", "Noël", "NOEL",   "noé",  "où",     "ou", "2026",
      "20",        "c’est",   "à-côté", "cote",    "ça",   "(note)", "note", "notes.", "l'", "é"};
  const auto pick = [&] { return stock[random() % stock.size()]; };
  const auto some = [&](std::size_t most) {
    std::string text;
    for (std::size_t i = 1 + random() % most; i > 0; --i) text += pick() + " ";
    return text;
  };
  std::vector<std::string> texts;
  record_->Write([&](Session& s) {
    for (int i = 0; i < 30; ++i) {
      texts.push_back(some(6));
      IndexProject(s, InsertProject(s, record_.NewProject("p"), 2026).id, "", texts.back());
    }
  });
  // A word of several parts is a phrase; of the last one, the beginning is enough.
  const auto reads = [](const std::string& text, const std::string& search) {
    const auto body = TextWords(text);
    const auto typed = SearchWords(search);
    for (std::size_t w = 0; w < typed.size(); ++w) {
      const auto phrase = TextWords(typed[w]);
      bool found = false;
      for (std::size_t at = 0; !found && at + phrase.size() <= body.size(); ++at) {
        found = true;
        for (std::size_t i = 0; i < phrase.size(); ++i) {
          const bool last = w + 1 == typed.size() && i + 1 == phrase.size();
          const auto& word = body[at + i];
          found = found && (last ? word.starts_with(phrase[i]) : word == phrase[i]);
        }
      }
      if (!found) return false;
    }
    return true;
  };
  record_->Read([&](Session& s) {
    for (int i = 0; i < 200; ++i) {
      ProjectFilter filter;
      filter.text = some(3);
      std::int64_t expected = 0;
      for (const auto& text : texts) expected += reads(text, filter.text) ? 1 : 0;
      EXPECT_EQ(CountProjects(s, filter), expected) << filter.text << " seed " << test::Seed();
    }
  });
}

TEST_F(ProjectsTest, NulAndBytesThatAreNoTextAreRefused) {
  Project p = record_.NewProject(std::string("a\0b", 3));
  EXPECT_THROW(Insert(p), std::invalid_argument);
  for (const char* no_text : {"\xFF", "a\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80"}) {
    EXPECT_THROW(Insert(record_.NewProject(no_text)), std::invalid_argument) << "not UTF-8";
  }
  for (const char* text : {"é", "€", "\xEF\xBF\xBD", "\xF0\x9F\x98\x80"}) EXPECT_TRUE(IsUtf8(text));
  EXPECT_EQ(Insert(record_.NewProject("c")).number, "AIG-2026-0001");
}

TEST_F(ProjectsTest, APersonSeesTheirOwnAndThoseGrantedToThem) {
  Insert(record_.NewProject("à moi"));
  Project other = record_.NewProject("à l’autre");
  other.holder = 2;
  other = Insert(other);
  ProjectFilter mine;
  mine.person = 1;
  EXPECT_EQ(record_->Read([&](Session& s) { return CountProjects(s, mine); }), 1);
  record_->Write([&](Session& s) {
    InsertGrant(s, {.person = 1, .role = "reviewer", .scope = "project:" + other.number});
  });
  EXPECT_EQ(record_->Read([&](Session& s) { return CountProjects(s, mine); }), 2);
  EXPECT_EQ(record_->Read([&](Session& s) { return ListProjects(s, mine); }).size(), 2u);
}

TEST_F(ProjectsTest, ListsSortAndPage) {
  for (int i = 0; i < 5; ++i) {
    Project p = record_.NewProject(std::string(1, static_cast<char>('e' - i)));
    p.due_at = i == 2 ? 0 : 1000 + i;
    Insert(p);
  }
  auto titles = [&](ProjectFilter filter) {
    std::string text;
    for (auto& p : record_->Read([&](Session& s) { return ListProjects(s, filter); })) {
      text += p.title;
      EXPECT_TRUE(p.snapshot.is_null());
    }
    return text;
  };
  EXPECT_EQ(titles({.sort = "due"}), "edbac");
  EXPECT_EQ(titles({.sort = "title"}), "abcde");
  EXPECT_EQ(titles({.sort = "number"}), "edcba");
  EXPECT_EQ(titles({.sort = "number", .limit = 2, .offset = 2}), "cb");
}

// Random projects moved at random: each figure of the pipeline is the length of its list.
TEST_F(ProjectsTest, FiguresAndListsAgree) {
  std::mt19937_64 random(test::Seed());
  auto pick = [&](std::vector<std::string> from) { return from[random() % from.size()]; };
  std::vector<Project> projects;
  record_->Write([&](Session& s) {
    for (int i = 0; i < 60; ++i) {
      Project p = record_.NewProject("p");
      p.collection = pick({"numerique", "cyber", ""});
      p.due_at = static_cast<std::int64_t>(random() % 3) * 100;
      projects.push_back(InsertProject(s, p, 2026));
    }
    for (int i = 0; i < 200; ++i) {
      Project& p = projects[random() % projects.size()];
      p.state = pick({"admissibility", "committee", "selected"});
      p.collection = pick({"numerique", "cyber", ""});
      p.ended_at = static_cast<std::int64_t>(random() % 3) * 100;
      p.course_url = pick({"", "https://exemple.invalid/cours"});
      ASSERT_TRUE(UpdateProject(s, p, p.version));
      ASSERT_FALSE(UpdateProject(s, p, p.version + 7));
    }
  });
  record_->Read([&](Session& s) {
    std::int64_t total = 0, shown = 0;
    for (const PipelineCell& cell : Pipeline(s, "demo-2026", 150)) {
      ProjectFilter filter;
      filter.call = cell.call;
      filter.collection = cell.collection.empty() ? kNoCollection : cell.collection;
      filter.state = cell.state;
      filter.limit = 1000;
      EXPECT_EQ(cell.count, static_cast<std::int64_t>(ListProjects(s, filter).size()));
      EXPECT_EQ(cell.count, CountProjects(s, filter));
      total += cell.count;
      filter.shown_to_all = true;
      EXPECT_EQ(CountProjects(s, filter),
                static_cast<std::int64_t>(ListProjects(s, filter).size()));
      shown += CountProjects(s, filter);
      filter.shown_to_all = false;
      filter.overdue = true;
      filter.now = 150;
      EXPECT_EQ(cell.overdue, static_cast<std::int64_t>(ListProjects(s, filter).size()));
      EXPECT_EQ(cell.overdue, CountProjects(s, filter));
    }
    EXPECT_EQ(total, 60);
    EXPECT_EQ(CountProjects(s, {}), 60);
    EXPECT_EQ(CountProjects(s, {.shown_to_all = true}), shown);
    EXPECT_LT(shown, 60);
    ProjectFilter tree;
    tree.collection = "numerique";
    tree.subcollections = true;
    ProjectFilter parent, child;
    parent.collection = "numerique";
    child.collection = "cyber";
    EXPECT_EQ(CountProjects(s, tree), CountProjects(s, parent) + CountProjects(s, child));
    EXPECT_EQ(Pipeline(s, "", 150).size(), Pipeline(s, "demo-2026", 150).size());
    EXPECT_TRUE(Pipeline(s, "unknown", 150).empty());
  });
}

}  // namespace
}  // namespace aiguillage::storage
