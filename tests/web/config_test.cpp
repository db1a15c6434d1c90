#include "web/config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace aiguillage::web {
namespace {

class ConfigTest : public ::testing::Test {
 protected:
  // Reads a file of these lines; answers "ok" or the refusal without the folder's name.
  std::string Read(const std::string& lines, const Environment& environment = {}) {
    const auto file = std::filesystem::temp_directory_path() / "aiguillage_config_test.conf";
    std::ofstream(file) << lines;
    const auto outcome = ReadConfig(file.string(), environment);
    std::filesystem::remove(file);
    if (outcome) {
      config_ = outcome.value();
      return "ok";
    }
    const auto sentence = outcome.refusal().sentence;
    const auto name = sentence.find("aiguillage_config_test.conf");
    return name == std::string::npos ? sentence : sentence.substr(name);
  }

  Config config_;
};

TEST_F(ConfigTest, TakesValuesAsWritten) {
  EXPECT_EQ(Read("# a comment\n\n  http.port =  9000 \nsmtp.password = a\\tb = \"c\" # d\n"), "ok");
  EXPECT_EQ(config_.http_port, 9000);
  EXPECT_EQ(config_.smtp_password, "a\\tb = \"c\" # d");
  EXPECT_EQ(config_.database_url, "sqlite:data/aiguillage.db");
}

TEST_F(ConfigTest, RefusesWithFileLineAndKey) {
  EXPECT_EQ(Read("http.port = 80\nhttp.prot = 81\n"),
            "aiguillage_config_test.conf:2 : clé inconnue « http.prot ».");
  EXPECT_EQ(Read("data.dir = a\n\ndata.dir = b\n"),
            "aiguillage_config_test.conf:3 : clé « data.dir » déjà donnée ligne 1 ; n’en garder "
            "qu’une.");
  EXPECT_EQ(Read("http.port = huit\n"),
            "aiguillage_config_test.conf:1 : valeur refusée pour « http.port », attendu : un "
            "nombre entier de 0 à 65535.");
  EXPECT_EQ(Read("http.port\n"), "aiguillage_config_test.conf:1 : attendu « clé = valeur ».");
  EXPECT_EQ(Read("smtp.url = ftp://x\n"),
            "aiguillage_config_test.conf:1 : valeur refusée pour « smtp.url », attendu : une "
            "adresse commençant par smtp://, smtps://, spool:.");
}

TEST_F(ConfigTest, ARelayIsSparedUnlessToldOtherwise) {
  EXPECT_EQ(Read(""), "ok");
  EXPECT_EQ(config_.smtp_per_minute, 300) << "what waited while it was away comes in this pace";
  EXPECT_EQ(Read("smtp.per_minute = 0\n"), "ok");
  EXPECT_EQ(config_.smtp_per_minute, 0);
}

TEST_F(ConfigTest, TheEnvironmentWinsAndIsCheckedToo) {
  EXPECT_EQ(Read("http.port = 80\n", {{"AIGUILLAGE_HTTP_PORT", "81"}}), "ok");
  EXPECT_EQ(config_.http_port, 81);
  EXPECT_EQ(Read("", {{"AIGUILLAGE_HTTP_PROT", "81"}}),
            "AIGUILLAGE_HTTP_PROT : variable d’environnement inconnue ; la retirer.");
  EXPECT_EQ(Read("", {{"AIGUILLAGE_DESK_GRACE_MINUTES", "-1"}}),
            "AIGUILLAGE_DESK_GRACE_MINUTES : valeur refusée, attendu : un nombre entier de 0 à "
            "1440.");
}

TEST_F(ConfigTest, PlainHttpLeavesTheMachineOnlyBehindAProxy) {
  EXPECT_NE(Read("http.address = 0.0.0.0\n"), "ok");
  EXPECT_EQ(Read("http.address = 0.0.0.0\nhttp.trusted_proxy = 127.0.0.1\n"), "ok");
  EXPECT_EQ(Read("http.address = 127.0.0.2\n"), "ok");
}

TEST_F(ConfigTest, TheExampleFileNamesEveryKeyAndIsAccepted) {
  std::ifstream in(AIGUILLAGE_SOURCE_DIR "/config/aiguillage.conf.example");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(Read(text), "ok");
  for (const auto& key : ConfigKeys()) {
    EXPECT_NE(text.find(key.key + " ="), std::string::npos) << key.key << " is not in the example";
  }
}

}  // namespace
}  // namespace aiguillage::web
