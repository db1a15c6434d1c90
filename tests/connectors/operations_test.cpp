#include "connectors/demarches_simplifiees/operations.h"

#include <gtest/gtest.h>

#include <set>

namespace aiguillage::connectors {
namespace {

TEST(Operations, EachTravelsWithTheFragmentsItNamesAndNoOthers) {
  const std::string status = Text(Operation::kDossierStatus);
  EXPECT_TRUE(status.starts_with("query DossierStatus($number: Int!) {")) << status;
  EXPECT_EQ(status.find("fragment"), std::string::npos);

  const std::string page = Text(Operation::kDossiersPage);
  for (const char* name : {"DossierParts", "ChampParts", "PersonneParts", "EtablissementParts",
                           "AddressParts", "FileParts"}) {
    EXPECT_NE(page.find(std::string("fragment ") + name + " on "), std::string::npos) << name;
  }
  EXPECT_EQ(page.find("fragment Outcome"), std::string::npos);
}

TEST(Operations, MutationsSayWhereTheirAnswerIs) {
  EXPECT_EQ(MutationField(Operation::kAccepter), "dossierAccepter");
  EXPECT_EQ(MutationField(Operation::kAnnulerCorrection), "dossierAnnulerDemandeCorrection");
  EXPECT_TRUE(IsMutation(Operation::kEnvoyerMessage));
  EXPECT_FALSE(IsMutation(Operation::kDossierMessages));
}

TEST(Operations, NamesAreUniqueAndTextsHaveBalancedBraces) {
  std::set<std::string> names;
  for (const Operation operation : Operations()) {
    EXPECT_TRUE(names.insert(Name(operation)).second);
    int depth = 0;
    for (const char c : Text(operation)) depth += (c == '{') - (c == '}');
    EXPECT_EQ(depth, 0) << Name(operation);
  }
  EXPECT_EQ(names.size(), 20U);
}

}  // namespace
}  // namespace aiguillage::connectors
