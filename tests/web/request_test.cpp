// What comes over the wire, read once: addresses, framing, forms, files.
#include "web/request.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/web/counter.h"

namespace aiguillage::web {

namespace {

int StatusOf(const RequestHead& head) {
  try {
    ReadHead(head);
    return 200;
  } catch (const HttpError& error) {
    return error.status();
  }
}

std::string PathOf(const std::string& uri) { return ReadHead({"GET", uri, {}, ""}).path; }

Request ReadForm(const std::string& type, const std::string& body) {
  Request request =
      ReadHead({"POST",
                "/x",
                {{"Content-Type", type}, {"Content-Length", std::to_string(body.size())}},
                ""});
  TextBody source(body);
  ReadBody(request, source, true);
  return request;
}

int FormStatus(const std::string& type, const std::string& body) {
  try {
    ReadForm(type, body);
    return 200;
  } catch (const HttpError& error) {
    return error.status();
  }
}

constexpr const char* kUrlEncoded = "application/x-www-form-urlencoded";
constexpr const char* kMultipart = "multipart/form-data; boundary=B";

std::string FilePart(const std::string& name, const std::string& bytes) {
  return "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"" + name +
         "\"\r\nContent-Type: text/plain\r\n\r\n" + bytes + "\r\n--B--\r\n";
}

}  // namespace

TEST(Address, IsDecodedAndNormalisedOnce) {
  EXPECT_EQ(PathOf("/"), "/");
  EXPECT_EQ(PathOf("//projets//AIG-2026-0001/"), "/projets/AIG-2026-0001");
  EXPECT_EQ(PathOf("/a/./b%20c"), "/a/b c");
  EXPECT_EQ(PathOf("/%C3%A9tat"), "/état");
  for (const char* uri : {"/%zz", "/%0", "/..", "/a/%2e%2e/b", "/a\\b", "/%00", "/%0d%0a",
                          "/%C0%AF", "/%ED%A0%80", "projets", ""}) {
    EXPECT_EQ(StatusOf({"GET", uri, {}, ""}), 400) << uri;
  }
  EXPECT_EQ(StatusOf({"GET", "/" + std::string(9000, 'a'), {}, ""}), 414);
  EXPECT_EQ(StatusOf({"DELETE", "/", {}, ""}), 405);
}

TEST(Framing, WhatHasTwoReadingsIsRefused) {
  const auto post = [](Fields headers) { return StatusOf({"POST", "/", std::move(headers), ""}); };
  EXPECT_EQ(post({{"Content-Length", "3"}}), 200);
  EXPECT_EQ(post({{"Transfer-Encoding", "chunked"}}), 200);
  EXPECT_EQ(post({}), 411);
  EXPECT_EQ(post({{"Content-Length", "3"}, {"Transfer-Encoding", "chunked"}}), 400);
  EXPECT_EQ(post({{"Content-Length", "3"}, {"content-length", "3"}}), 400);
  EXPECT_EQ(post({{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}}), 400);
  EXPECT_EQ(post({{"Transfer-Encoding ", "chunked"}, {"Content-Length", "3"}}), 400);
  EXPECT_EQ(post({{"Transfer-Encoding", "gzip, chunked"}}), 400);
  for (const char* length : {"-1", "5abc", "+3", "", " ", "0x10", "99999999999999999999"}) {
    EXPECT_EQ(post({{"Content-Length", length}}), 400) << length;
  }
  EXPECT_EQ(post({{"Content-Length", std::to_string(kUploadBytesMax + 1)}}), 413);
}

TEST(UrlEncoded, GivesFieldsInOrder) {
  const auto request = ReadForm(kUrlEncoded, "a=1&b=deux+mots&a=2&vide=&seul&e=%C3%A9");
  EXPECT_EQ(
      request.fields,
      (Fields{{"a", "1"}, {"b", "deux mots"}, {"a", "2"}, {"vide", ""}, {"seul", ""}, {"e", "é"}}));
  EXPECT_EQ(FormStatus(kUrlEncoded, "a=%zz"), 400);
  EXPECT_EQ(FormStatus(kUrlEncoded, "a=%00"), 400);
  EXPECT_EQ(FormStatus(kUrlEncoded, "a=%ff"), 400);
  EXPECT_EQ(FormStatus("text/plain", "a=1"), 415);
}

TEST(UrlEncoded, HasLimits) {
  EXPECT_EQ(FormStatus(kUrlEncoded, "a=" + std::string(250 * 1024, 'x')), 413);
  EXPECT_EQ(FormStatus(kUrlEncoded, std::string(kFormBytesMax + 1, 'a')), 413);
  std::string many;
  for (std::size_t i = 0; i <= kFieldsMax; ++i) many += "f" + std::to_string(i) + "=1&";
  EXPECT_EQ(FormStatus(kUrlEncoded, many), 400);
}

TEST(Multipart, GivesFieldsAndFiles) {
  const std::string bytes("\0\r\n--autre\xff binaire\r\n", 22);
  const auto request =
      ReadForm(kMultipart,
               "--B\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\ndeux\r\n"
               "lignes\r\n" +
                   FilePart("../../é.pdf", bytes));
  EXPECT_EQ(request.Field("note"), "deux\r\nlignes");
  ASSERT_EQ(request.uploads.size(), 1u);
  EXPECT_EQ(request.uploads[0].name, "../../é.pdf");
  EXPECT_EQ(request.uploads[0].size, bytes.size());
  EXPECT_EQ(std::filesystem::file_size(*request.uploads[0].path), bytes.size());
}

TEST(Multipart, RemovesItsTemporaryFiles) {
  std::string path;
  {
    const auto request = ReadForm(kMultipart, FilePart("a.txt", "abc"));
    path = *request.uploads.at(0).path;
    EXPECT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

// Whatever byte the sender stops at, half a form is no form.
TEST(Multipart, TruncatedAnywhereIsRefused) {
  const std::string whole = "--B\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nun\r\n" +
                            FilePart("a.txt", "abc");
  const std::size_t end = whole.find("--B--") + 5;
  for (std::size_t length = 0; length < end; ++length) {
    EXPECT_EQ(FormStatus(kMultipart, whole.substr(0, length)), 400) << length;
  }
  EXPECT_EQ(FormStatus(kMultipart, whole.substr(0, end)), 200);
}

TEST(Multipart, HasLimits) {
  EXPECT_EQ(FormStatus(kMultipart, "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" +
                                       std::string(250 * 1024, 'x') + "\r\n--B--\r\n"),
            413);
  EXPECT_EQ(FormStatus(kMultipart, FilePart("a.txt", std::string(kFileBytesMax + 1, 'x'))), 413);
  EXPECT_EQ(FormStatus(kMultipart, "--B\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n--B--"), 400);
  EXPECT_EQ(FormStatus("multipart/form-data", FilePart("a.txt", "abc")), 400);
  EXPECT_EQ(FormStatus("multipart/form-data; boundary=" + std::string(80, 'b'), "x"), 400);
  EXPECT_EQ(FormStatus(kMultipart, "--B\r\nContent-Type: text/plain\r\n\r\nx\r\n--B--\r\n"), 400);
}

}  // namespace aiguillage::web
