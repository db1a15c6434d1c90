// « Mes tâches » counts what it read, and says when there is more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/web/counter.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;

void FillCollection(Counter& counter, int first, int last) {
  for (int nth = first; nth <= last; ++nth) {
    workflows::IntakeRequest request;
    request.call = "mentor-2026";
    request.title = "Projet " + std::to_string(nth);
    request.collection = "numerique";
    request.holder_email = "holder@exemple.invalid";
    request.holder_name = "Dominique holder";
    request.dossier = 6000 + nth;
    request.ds_state = "en_construction";
    request.key = "many-" + std::to_string(nth);
    request.now = Counter::kNow;
    ASSERT_TRUE(counter.services().desk.Intake(request));
  }
}

std::string Waiting(Counter& counter) {
  const std::string page = counter.Get("/taches", "lead").body;
  const auto at = page.find("En attente d’un autre (");
  return at == std::string::npos ? page : page.substr(at, page.find('\n', at) - at);
}

TEST(TasksPage, SaysWhenMoreProjectsWaitThanItRead) {
  Counter counter;
  FillCollection(counter, 1, 5);
  const std::string few = Waiting(counter);
  EXPECT_EQ(few.find("plus de"), std::string::npos) << few;
  FillCollection(counter, 6, 220);
  EXPECT_THAT(Waiting(counter), HasSubstr("(plus de 200)"));
}

}  // namespace
}  // namespace aiguillage::web
